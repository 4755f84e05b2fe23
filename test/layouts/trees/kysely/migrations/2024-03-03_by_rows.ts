import type { Kysely } from 'kysely'

interface Tables {
  cities: { id: string; country: string }
}

export async function up(db: Kysely<Tables>): Promise<void> {
  const first = await db.selectFrom('cities').select('country').where('id', '=', '1').executeTakeFirstOrThrow()
  await db.schema.dropTable(first.country).execute()
}
