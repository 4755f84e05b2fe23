import { type CatalogueSource, enabledWords, owner, qualified, some, usersOwn, when, words } from './source.ts'

const part = `'constraint ' || quote_ident(k.conname)`

/** Not-null constraints are told with their columns, constraint triggers as triggers. */
export function constraintSources(major: number): readonly CatalogueSource[] {
  return [
    {
      kind: 'constraints',
      reads: ['pg_constraint'],
      relation: 'k.conrelid',
      part,
      aspects: {
        ...constraintAspects(major),
        inheritance: `case when k.coninhcount > 0 then case when k.conislocal then 'own and inherited' else 'inherited' end end`,
      },
      from: `pg_constraint k where k.oid >= 16384 and k.contype not in ('n', 't')`,
      byRelation: true,
    },
    {
      kind: 'constraints of domains',
      reads: ['pg_constraint', 'pg_type'],
      object: `'domain ' || ${qualified('t.typnamespace', 't.typname')}`,
      part,
      aspects: constraintAspects(major),
      from: `pg_constraint k join pg_type t on t.oid = k.contypid where k.contype = 'c' and ${usersOwn('pg_type', 't', 'typnamespace')}`,
      present: some('pg_constraint', 'oid >= 16384 and contypid >= 16384'),
      follows: ['pg_constraint', 'pg_type'],
    },
    disabledKeys,
    triggers,
    policies,
    rules,
    statistics,
  ]
}

/** Validity and deferrability are taken out of the definition, which then reads the same before and after. */
function constraintAspects(major: number): CatalogueSource['aspects'] {
  const enforced = major >= 18 ? { enforcement: when('not k.conenforced', 'not enforced') } : {}
  return {
    definition: `case when k.condeferrable or not k.convalidated
      then regexp_replace(pg_get_constraintdef(k.oid), '( DEFERRABLE)?( INITIALLY DEFERRED)?( NOT ENFORCED)?( NOT VALID)?$', '')
      else pg_get_constraintdef(k.oid) end`,
    validity: when('not k.convalidated', 'not valid'),
    deferrability: `case when k.condeferred then 'deferrable, initially deferred' when k.condeferrable then 'deferrable' end`,
    ...enforced,
  }
}

/** DISABLE TRIGGER ALL disables the triggers by which the server enforces foreign keys, too. */
const disabledKeys: CatalogueSource = {
  kind: 'disabled triggers of foreign keys',
  reads: ['pg_trigger', 'pg_constraint'],
  relation: 'g.tgrelid',
  part: `'foreign key triggers'`,
  aspects: {
    state: `string_agg(distinct (quote_ident(k.conname) || ' ' || ${words('g.tgenabled', enabledWords)}) collate "C", ', ')`,
  },
  from: `pg_trigger g join pg_constraint k on k.oid = g.tgconstraint where g.tgisinternal and g.tgenabled <> 'O' group by g.tgrelid`,
  present: some('pg_trigger', `tgisinternal and tgenabled <> 'O'`),
}

const triggers: CatalogueSource = {
  kind: 'triggers',
  reads: ['pg_trigger'],
  relation: 'g.tgrelid',
  part: `'trigger ' || quote_ident(g.tgname)`,
  aspects: { definition: 'pg_get_triggerdef(g.oid)', state: words('g.tgenabled', enabledWords) },
  from: `pg_trigger g where not g.tgisinternal`,
  present: some('pg_trigger', 'not tgisinternal'),
  byRelation: true,
  onExtensions: true,
}

const policies: CatalogueSource = {
  kind: 'policies',
  reads: ['pg_policy'],
  relation: 'p.polrelid',
  part: `'policy ' || quote_ident(p.polname)`,
  aspects: {
    command: words('p.polcmd', { r: 'for select', a: 'for insert', w: 'for update', d: 'for delete' }),
    mode: when('not p.polpermissive', 'restrictive'),
    roles: `nullif('to ' || (select string_agg(case r when 0 then 'public' else pg_get_userbyid(r) end, ', ' order by pg_get_userbyid(r) collate "C") from unnest(p.polroles) r), 'to public')`,
    using: `'using ' || pg_get_expr(p.polqual, p.polrelid)`,
    check: `'with check ' || pg_get_expr(p.polwithcheck, p.polrelid)`,
  },
  from: 'pg_policy p where true',
  byRelation: true,
  onExtensions: true,
}

const rules: CatalogueSource = {
  kind: 'rules',
  reads: ['pg_rewrite'],
  relation: 'w.ev_class',
  part: `'rule ' || quote_ident(w.rulename)`,
  aspects: { definition: 'pg_get_ruledef(w.oid)', state: words('w.ev_enabled', enabledWords) },
  from: `pg_rewrite w where w.oid >= 16384 and w.rulename <> '_RETURN'`,
  present: some('pg_rewrite', `oid >= 16384 and rulename <> '_RETURN'`),
}

const statistics: CatalogueSource = {
  kind: 'extended statistics',
  reads: ['pg_statistic_ext'],
  object: `'statistics ' || ${qualified('s.stxnamespace', 's.stxname')}`,
  aspects: {
    definition: 'pg_get_statisticsobjdef(s.oid)',
    statistics: `case when s.stxstattarget >= 0 then 'statistics target ' || s.stxstattarget end`,
    ...owner('s.stxowner'),
  },
  from: `pg_statistic_ext s where ${usersOwn('pg_statistic_ext', 's', 'stxnamespace')}`,
  follows: ['pg_statistic_ext'],
}
