/** What is used of Kysely, so that the build can leave out the rest. */
export { Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
