import { notOfExtension, usersSchema } from '../catalogue/query.ts'
import { named } from './query.ts'

/** Parts of queries about relations: `c` is the relation, `n` its schema. */
export const ofTable = { schema: 'n.nspname', name: 'c.relname' } as const
export const tableName: string = named('n.nspname', 'c.relname')
export const fromRelations = `from pg_class c join pg_namespace n on n.oid = c.relnamespace`
export const isUsers: string = `${usersSchema('n')} and ${notOfExtension('pg_class', 'c.oid')}`
export const isTable: string = `c.relkind in ('r', 'p', 'f') and ${isUsers}`
