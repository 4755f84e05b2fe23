import type { Kysely } from 'kysely'

export async function indexed(db: Kysely<unknown>, name: string): Promise<void> {
  await db.schema.createIndex(name).on('cities').column('country').execute()
}
