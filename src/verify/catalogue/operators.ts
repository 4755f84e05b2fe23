import { type CatalogueSource, notPart, owner, qualified, some, usersLoose, usersOwn, when, words } from './source.ts'

const given = (column: string, word: string, type = 'text'): string =>
  `case when ${column} <> 0 then '${word} ' || ${column}::${type}${type === 'text' ? '' : '::text'} end`

const operators: CatalogueSource = {
  kind: 'operators',
  reads: ['pg_operator'],
  object: `'operator ' || o.oid::regoperator::text`,
  aspects: {
    function: `case when o.oprcode <> 0 then 'by ' || o.oprcode::text else 'shell' end`,
    result: `'gives ' || format_type(o.oprresult, null)`,
    commutator: given('o.oprcom', 'commutator', 'regoperator'),
    negator: given('o.oprnegate', 'negator', 'regoperator'),
    restrict: given('o.oprrest', 'restrict'),
    join: given('o.oprjoin', 'join'),
    hashes: when('o.oprcanhash', 'hashes'),
    merges: when('o.oprcanmerge', 'merges'),
    ...owner('o.oprowner'),
  },
  from: `pg_operator o where ${usersOwn('pg_operator', 'o', 'oprnamespace')}`,
  follows: ['pg_operator'],
}

const className = `'operator class ' || ${qualified('c.opcnamespace', 'c.opcname')} || ' for ' || m.amname`
const usersFamily = some('pg_opfamily', 'oid >= 16384')
const familyName = `'operator family ' || ${qualified('f.opfnamespace', 'f.opfname')} || ' for ' || m.amname`

const classes: CatalogueSource = {
  kind: 'operator classes',
  reads: ['pg_opclass', 'pg_opfamily', 'pg_am'],
  object: className,
  aspects: {
    type: `'for type ' || format_type(c.opcintype, null)`,
    family: `'in family ' || ${qualified('f.opfnamespace', 'f.opfname')}`,
    default: when('c.opcdefault', 'default for the type'),
    storage: `case when c.opckeytype <> 0 then 'stored as ' || format_type(c.opckeytype, null) end`,
    ...owner('c.opcowner'),
  },
  from: `pg_opclass c join pg_am m on m.oid = c.opcmethod join pg_opfamily f on f.oid = c.opcfamily where ${usersOwn('pg_opclass', 'c', 'opcnamespace')}`,
  follows: ['pg_opclass', 'pg_opfamily'],
}

const families: CatalogueSource = {
  kind: 'operator families',
  reads: ['pg_opfamily', 'pg_am'],
  object: familyName,
  aspects: { ...owner('f.opfowner') },
  from: `pg_opfamily f join pg_am m on m.oid = f.opfmethod where ${usersOwn('pg_opfamily', 'f', 'opfnamespace')}`,
  follows: ['pg_opfamily'],
}

const familyOperators: CatalogueSource = {
  kind: 'operators of families',
  reads: ['pg_amop', 'pg_opfamily', 'pg_am'],
  object: familyName,
  part: `format('operator %s (%s, %s)', o.amopstrategy, format_type(o.amoplefttype, null), format_type(o.amoprighttype, null))`,
  aspects: {
    operator: 'o.amopopr::regoperator::text',
    purpose: when(`o.amoppurpose = 'o'`, 'for ordering'),
  },
  from: `pg_amop o join pg_opfamily f on f.oid = o.amopfamily join pg_am m on m.oid = f.opfmethod where ${usersOwn('pg_opfamily', 'f', 'opfnamespace')}`,
  present: usersFamily,
}

const familyFunctions: CatalogueSource = {
  kind: 'functions of families',
  reads: ['pg_amproc', 'pg_opfamily', 'pg_am'],
  object: familyName,
  part: `format('function %s (%s, %s)', o.amprocnum, format_type(o.amproclefttype, null), format_type(o.amprocrighttype, null))`,
  aspects: { function: 'o.amproc::text' },
  from: `pg_amproc o join pg_opfamily f on f.oid = o.amprocfamily join pg_am m on m.oid = f.opfmethod where ${usersOwn('pg_opfamily', 'f', 'opfnamespace')}`,
  present: usersFamily,
}

const casts: CatalogueSource = {
  kind: 'casts',
  reads: ['pg_cast'],
  object: `format('cast (%s as %s)', format_type(k.castsource, null), format_type(k.casttarget, null))`,
  aspects: {
    method: `case k.castmethod when 'f' then 'by ' || k.castfunc::regprocedure::text when 'i' then 'by input and output' else 'binary coercible' end`,
    context: words('k.castcontext', { i: 'implicit', a: 'in assignments' }),
  },
  from: `pg_cast k where ${usersLoose('pg_cast', 'k')} and ${notPart('pg_cast', 'k')}`,
  follows: ['pg_cast'],
}

export const operatorSources: readonly CatalogueSource[] = [
  operators,
  classes,
  families,
  familyOperators,
  familyFunctions,
  casts,
]
