import type { CapturedStatement, ReleaseContract } from '../../../src/model/captured.ts'
import type { LevelResult } from '../../../src/model/proof.ts'
import type { QueryProof } from '../../../src/model/query-proof.ts'
import type { ShadowServer } from '../../../src/shadows/shadow.ts'
import { verify } from '../../../src/verify/verify.ts'
import { systemClock } from '../../../src/core/time.ts'
import { dialect, migrations } from '../migrations.ts'

/** What a release sent, captured after the first migration. */
export interface Asked {
  /** The first migration: what is there before. */
  readonly given: string
  /** The file of the second one, whose old queries are asked. */
  readonly change: string
  readonly queries: readonly (string | CapturedStatement)[]
  readonly role?: string
}

export interface Told {
  readonly level: LevelResult | undefined
  readonly queries: QueryProof
}

export function captured(sql: string, more: Partial<CapturedStatement> = {}): CapturedStatement {
  const count = new Set(sql.match(/\$\d+/g)).size
  return { sql, parameters: Array.from({ length: count }, () => ({ type: null })), calls: null, from: 'file', ...more }
}

export async function ask(server: ShadowServer, { given, change, queries, role }: Asked): Promise<Told> {
  const history = await migrations(given, change)
  const contract: ReleaseContract = {
    release: '1.0',
    migration: history[0]?.id ?? '',
    role: role ?? null,
    searchPath: null,
    statements: queries.map((one) => (typeof one === 'string' ? captured(one) : one)),
  }
  const { results } = await verify({
    history,
    ids: [history.at(-1)?.id ?? ''],
    contracts: [contract],
    server,
    dialect,
    tool: 'test',
    clock: systemClock,
  })
  const proof = results[0]?.proof
  if (proof?.queries === undefined || proof.queries === null) throw new Error('The queries were not asked.')
  return { level: proof.levels.find(({ level }) => level === 'D5'), queries: proof.queries }
}
