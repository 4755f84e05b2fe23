import { spawnSync } from 'node:child_process'

/** A command measured as a whole process, from start to exit. */
export interface Contestant {
  readonly name: string
  readonly command: string
  readonly words: readonly string[]
  /** Where it runs; here when absent. */
  readonly directory?: string
  readonly environment?: Readonly<Record<string, string>>
  /** Exit codes that mean that the work was done; findings are an answer. */
  readonly exits: readonly number[]
  /** Makes the starting point of one round; its time does not count. */
  readonly prepare?: () => Promise<{ readonly words: readonly string[]; readonly clean: () => Promise<void> }>
}

export interface Timing {
  readonly name: string
  /** Milliseconds of every round. */
  readonly all: readonly number[]
  readonly median: number
}

/** Runs all contestants `rounds` times, in turns (A B A B …), after one round that is not counted. */
export async function compare(contestants: readonly Contestant[], rounds: number): Promise<readonly Timing[]> {
  const times = contestants.map((): number[] => [])
  for (let round = -1; round < rounds; round += 1) {
    for (const [index, contestant] of contestants.entries()) {
      const ms = await once(contestant)
      if (round >= 0) times[index]?.push(ms)
    }
  }
  return contestants.map(({ name }, index) => ({ name, all: times[index] ?? [], median: median(times[index] ?? []) }))
}

async function once(contestant: Contestant): Promise<number> {
  const prepared = await contestant.prepare?.()
  const start = process.hrtime.bigint()
  const run = spawnSync(contestant.command, [...contestant.words, ...(prepared?.words ?? [])], {
    cwd: contestant.directory,
    env: { ...process.env, ...contestant.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 512 * 1024 * 1024,
  })
  const ms = Number(process.hrtime.bigint() - start) / 1e6
  await prepared?.clean()
  if (run.error !== undefined) throw run.error
  if (!contestant.exits.includes(run.status ?? -1))
    throw new Error(
      `${contestant.name} ended with ${run.status}:\n${run.stderr.toString().slice(-2000)}${run.stdout.toString().slice(-500)}`,
    )
  return ms
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const high = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? 0) + high) / 2
}
