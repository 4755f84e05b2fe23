import type { ObjectType } from 'libpg-query'
import { allOf, as } from '../grammar.ts'
import type { NodeOf, NodeTable } from '../grammar.ts'
import { strings } from '../names.ts'
import { sideEffectOfCall } from './functions.ts'
import type { Found } from './functions.ts'

type Tag =
  | 'AlterDatabaseSetStmt'
  | 'AlterDatabaseStmt'
  | 'AlterOwnerStmt'
  | 'AlterRoleSetStmt'
  | 'AlterRoleStmt'
  | 'AlterSubscriptionStmt'
  | 'AlterSystemStmt'
  | 'AlterTableSpaceOptionsStmt'
  | 'CommentStmt'
  | 'CopyStmt'
  | 'CreatedbStmt'
  | 'CreateForeignServerStmt'
  | 'CreateForeignTableStmt'
  | 'CreateFunctionStmt'
  | 'CreateRoleStmt'
  | 'CreateSubscriptionStmt'
  | 'CreateTableSpaceStmt'
  | 'DoStmt'
  | 'DropdbStmt'
  | 'DropOwnedStmt'
  | 'DropRoleStmt'
  | 'DropSubscriptionStmt'
  | 'DropTableSpaceStmt'
  | 'FuncCall'
  | 'GrantRoleStmt'
  | 'GrantStmt'
  | 'ImportForeignSchemaStmt'
  | 'LoadStmt'
  | 'ReassignOwnedStmt'
  | 'RenameStmt'

const outside = (what: string) => (): readonly Found[] => [{ reach: 'outside', what }]
const cluster = (statement: string) => (): readonly Found[] => [
  { reach: 'cluster', what: `${statement} changes what all databases of the server share.` },
]

/** By node of the syntax tree, wherever it stands in a statement. */
export const finders: NodeTable<Tag, undefined, readonly Found[]> = {
  AlterDatabaseSetStmt: cluster('ALTER DATABASE'),
  AlterDatabaseStmt: cluster('ALTER DATABASE'),
  AlterOwnerStmt: ({ objectType }) => ofShared('ALTER … OWNER', objectType),
  AlterRoleSetStmt: cluster('ALTER ROLE'),
  AlterRoleStmt: cluster('ALTER ROLE'),
  AlterSubscriptionStmt: outside('ALTER SUBSCRIPTION may connect to another server.'),
  AlterSystemStmt: cluster('ALTER SYSTEM'),
  AlterTableSpaceOptionsStmt: cluster('ALTER TABLESPACE'),
  CommentStmt: ({ objtype }) => ofShared('COMMENT', objtype),
  CopyStmt: (node) => copy(node),
  CreatedbStmt: cluster('CREATE DATABASE'),
  CreateForeignServerStmt: outside('CREATE SERVER makes statements reach another server, or its files.'),
  CreateForeignTableStmt: outside('CREATE FOREIGN TABLE makes statements reach another server, or its files.'),
  CreateFunctionStmt: ({ options }) => untrusted(options, 'CREATE FUNCTION'),
  CreateRoleStmt: cluster('CREATE ROLE'),
  CreateSubscriptionStmt: outside('CREATE SUBSCRIPTION connects to another server.'),
  CreateTableSpaceStmt: outside('CREATE TABLESPACE takes a directory of the server.'),
  DoStmt: ({ args }) => untrusted(args, 'DO'),
  DropdbStmt: cluster('DROP DATABASE'),
  DropOwnedStmt: cluster('DROP OWNED'),
  DropRoleStmt: cluster('DROP ROLE'),
  DropSubscriptionStmt: outside('DROP SUBSCRIPTION may connect to another server.'),
  DropTableSpaceStmt: cluster('DROP TABLESPACE'),
  FuncCall: ({ funcname }) => call(strings(funcname)),
  GrantRoleStmt: cluster('GRANT or REVOKE of a role'),
  GrantStmt: ({ objtype }) => ofShared('GRANT', objtype),
  ImportForeignSchemaStmt: outside('IMPORT FOREIGN SCHEMA connects to another server.'),
  LoadStmt: outside('LOAD runs the code of a library.'),
  ReassignOwnedStmt: cluster('REASSIGN OWNED'),
  RenameStmt: ({ renameType }) => ofShared('ALTER … RENAME', renameType),
}

function copy({ is_program: isProgram, filename, is_from: isFrom }: NodeOf<'CopyStmt'>): readonly Found[] {
  const way = isFrom === true ? 'FROM' : 'TO'
  if (isProgram === true) return [{ reach: 'outside', what: `COPY … ${way} PROGRAM starts a program on the server.` }]
  if (filename === undefined || filename === '') return []
  return [{ reach: 'outside', what: `COPY … ${way} a file ${isFrom === true ? 'reads' : 'writes'} one of the server.` }]
}

function call(path: readonly string[]): readonly Found[] {
  const found = sideEffectOfCall(path.at(-2), path.at(-1) ?? '')
  return found === undefined ? [] : [found]
}

const shared: ReadonlySet<ObjectType | undefined> = new Set<ObjectType>([
  'OBJECT_DATABASE',
  'OBJECT_ROLE',
  'OBJECT_TABLESPACE',
  'OBJECT_PARAMETER_ACL',
])

function ofShared(statement: string, type: ObjectType | undefined): readonly Found[] {
  return shared.has(type) ? cluster(`${statement} of a database, role, tablespace or parameter`)() : []
}

/** Languages whose functions may do whatever the server's own user may. */
const untrustedLanguage = /^(?:c|internal|plpython\w*|plperlu|pltclu|plsh|pljavau)$/i

function untrusted(options: NodeOf<'DoStmt'>['args'], statement: string): readonly Found[] {
  return allOf(options, 'DefElem').flatMap(({ defname, arg }) => {
    const language = defname === 'language' ? (as(arg, 'String')?.sval ?? '') : ''
    if (!untrustedLanguage.test(language)) return []
    return [
      {
        reach: 'outside' as const,
        what: `${statement} in the untrusted language ${language} may do whatever the server may.`,
      },
    ]
  })
}
