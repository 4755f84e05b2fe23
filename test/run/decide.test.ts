import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JournalState } from '../../src/model/journal.ts'
import type { Phase } from '../../src/model/migration.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import {
  type Decision,
  type MigrationVerdict,
  type PlannedMigration,
  type RunPlan,
  decide,
} from '../../src/run/decide.ts'
import { emptyJournal } from '../../src/run/journal/read.ts'

const span = { start: 0, end: 0 }

interface Sketch {
  readonly phase: Phase
  readonly change: string | undefined
  readonly tables: readonly string[] | 'unknown'
  readonly gates: readonly Verdict['status'][]
  readonly requires: readonly number[]
  readonly backfill: boolean
  readonly outside: boolean
}

const sketches: fc.Arbitrary<readonly Sketch[]> = fc.array(
  fc.record({
    phase: fc.constantFrom<Phase>('expand', 'backfill', 'contract'),
    change: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }),
    tables: fc.oneof(
      { weight: 5, arbitrary: fc.subarray(['a', 'b', 'c', 'd'], { maxLength: 2 }) },
      { weight: 1, arbitrary: fc.constant<'unknown'>('unknown') },
    ),
    gates: fc.array(fc.constantFrom<Verdict['status']>('open', 'closed', 'unknown'), { maxLength: 2 }),
    requires: fc.array(fc.nat({ max: 9 }), { maxLength: 1 }),
    backfill: fc.boolean(),
    outside: fc.boolean(),
  }),
  { maxLength: 10 },
)

const wants = fc.record({
  steps: fc.option(fc.nat({ max: 5 }), { nil: undefined }),
  toIndex: fc.option(fc.nat({ max: 9 }), { nil: undefined }),
  phases: fc.option(fc.subarray<Phase>(['expand', 'backfill', 'contract'], { minLength: 1 }), { nil: undefined }),
})

const idOf = (index: number): string => String(100 + index)

function migrationsOf(drawn: readonly Sketch[]): readonly PlannedMigration[] {
  return drawn.map((sketch, index) => ({
    id: idOf(index),
    name: `m${index}`,
    phase: sketch.phase,
    ...(sketch.change === undefined ? {} : { change: sketch.change }),
    requires: sketch.requires.filter((other) => other < drawn.length && other !== index).map(idOf),
    gates: sketch.gates.map((status, number) => ({ gate: status, options: { number: String(number) }, span })),
    ...(sketch.backfill ? { backfill: { table: 't', key: 'id', span } } : {}),
    sha256: `bytes ${index}`,
    meaning: `meaning ${index}`,
    touches: sketch.tables === 'unknown' ? 'unknown' : { changes: new Set(sketch.tables), uses: new Set<string>() },
  }))
}

/** The database, the gates and a process that may die: what `decide` is asked about. */
class World {
  journal: JournalState = emptyJournal
  verdicts: MigrationVerdict[] = []
  readonly applied: string[] = []
  readonly plan: RunPlan
  readonly outside: ReadonlySet<string>

  constructor(plan: RunPlan, outside: ReadonlySet<string>) {
    this.plan = plan
    this.outside = outside
  }

  decide(): Decision {
    const left = this.plan.steps === undefined ? undefined : this.plan.steps - this.applied.length
    return decide({ ...this.plan, steps: left }, this.journal, this.verdicts)
  }

  /** The process dies: what is not in the journal is forgotten. */
  crash(): void {
    this.verdicts = []
  }

  perform(decision: Decision, dies: boolean): void {
    if (decision.kind === 'ask') {
      const { gate, options } = decision.gate
      this.verdicts.push({ migration: decision.migration, gate, options, verdict: verdictOf(gate) })
    }
    if (decision.kind === 'defer' && !dies)
      this.journal = { ...this.journal, deferred: [...this.journal.deferred, ...decision.migrations] }
    if (decision.kind === 'apply' || decision.kind === 'resume' || decision.kind === 'backfill')
      this.#apply(decision.migration, dies)
  }

  #apply(id: string, dies: boolean): void {
    const migration = this.plan.migrations.find((one) => one.id === id)
    if (migration === undefined) throw new Error(`${id} is not in the plan`)
    expect(this.applied).not.toContain(id)
    const begun = {
      migration: id,
      direction: 'up',
      statement: 0,
      sql: '',
      state: 'began',
      sqlState: null,
      done: [],
    } as const
    const others = this.journal.unfinished.filter((step) => step.migration !== id)
    if (dies) {
      // In a transaction nothing is left; outside one the intent is.
      if (this.outside.has(id) && migration.backfill === undefined)
        this.journal = { ...this.journal, unfinished: [...others, begun] }
      return
    }
    this.applied.push(id)
    const { name, sha256, meaning, phase, change = null } = migration
    const row = { id, name, sha256, meaning, phase, change, down: null, downTransaction: true, appliedAt: new Date(0) }
    this.journal = { ...this.journal, applied: [...this.journal.applied, row], unfinished: others }
  }
}

function verdictOf(gate: string): Verdict {
  if (gate === 'open') return { status: 'open', evidence: 'drawn' }
  return gate === 'closed' ? { status: 'closed', reason: 'drawn' } : { status: 'unknown', reason: 'drawn' }
}

function worldOf(
  drawn: readonly Sketch[],
  wanted: { steps: number | undefined; toIndex: number | undefined; phases: Phase[] | undefined },
): World {
  const plan: RunPlan = {
    migrations: migrationsOf(drawn),
    steps: wanted.steps,
    to: wanted.toIndex === undefined || wanted.toIndex >= drawn.length ? undefined : idOf(wanted.toIndex),
    phases: wanted.phases === undefined ? undefined : new Set(wanted.phases),
    late: 'refuse',
  }
  return new World(plan, new Set(drawn.flatMap(({ outside }, index) => (outside ? [idOf(index)] : []))))
}

/** Runs to the end, dying where `deaths` says so, and gives the final decision. More steps than this are not needed by any plan. */
function run(world: World, deaths: readonly boolean[], look?: (decision: Decision) => void): Decision {
  for (let step = 0; step < 500; step += 1) {
    const decision = world.decide()
    look?.(decision)
    if (decision.kind === 'done' || decision.kind === 'refuse') return decision
    const dies = deaths[step] ?? false
    world.perform(decision, dies)
    if (dies) world.crash()
  }
  throw new Error('It does not come to an end.')
}

describe('for every plan, every answer of the gates and every death', () => {
  const deaths = fc.array(fc.boolean(), { maxLength: 30 })

  test('it ends, applies nothing twice, nothing behind a gate that is not open, and never refuses its own work', () => {
    fc.assert(
      fc.property(sketches, wants, deaths, (drawn, wanted, dying) => {
        const world = worldOf(drawn, wanted)
        const last = run(world, dying)
        expect(last.kind).toBe('done')
        for (const id of world.applied) {
          const migration = world.plan.migrations.find((one) => one.id === id)
          expect(migration?.gates.every(({ gate }) => gate === 'open')).toBe(true)
          if (wanted.phases !== undefined) expect(wanted.phases).toContain(migration?.phase)
        }
        if (wanted.steps !== undefined) expect(world.applied.length).toBeLessThanOrEqual(wanted.steps)
      }),
      { numRuns: 500 },
    )
  })

  test('the order on disk is kept between migrations that have anything to do with each other', () => {
    fc.assert(
      fc.property(sketches, wants, deaths, (drawn, wanted, dying) => {
        const world = worldOf(drawn, wanted)
        run(world, dying)
        const { migrations } = world.plan
        for (const [later, id] of world.applied.entries()) {
          const migration = migrations.find((one) => one.id === id)
          for (const required of migration?.requires ?? []) expect(world.applied.slice(0, later)).toContain(required)
          for (const earlier of migrations.slice(
            0,
            migrations.findIndex((one) => one.id === id),
          )) {
            if (migration === undefined || !related(migration, earlier)) continue
            expect(world.applied.slice(0, later)).toContain(earlier.id)
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  test('deaths change nothing in the end: the same migrations are applied, in the same order, the same are held', () => {
    fc.assert(
      fc.property(sketches, wants, deaths, (drawn, wanted, dying) => {
        const [calm, dead] = [worldOf(drawn, wanted), worldOf(drawn, wanted)]
        const [calmEnd, deadEnd] = [run(calm, []), run(dead, dying)]
        expect({ applied: dead.applied, end: deadEnd }).toEqual({ applied: calm.applied, end: calmEnd })
      }),
      { numRuns: 500 },
    )
  })

  test('a second run after the first has nothing to do, with the same gates', () => {
    fc.assert(
      fc.property(sketches, deaths, (drawn, dying) => {
        const world = worldOf(drawn, { steps: undefined, toIndex: undefined, phases: undefined })
        const first = run(world, dying)
        const count = world.applied.length
        world.crash()
        expect(run(world, [])).toEqual(first)
        expect(world.applied).toHaveLength(count)
      }),
    )
  })
})

describe('for every plan and every journal, also one that no run of this plan has written', () => {
  const journals = fc.record({
    applied: fc.subarray(Array.from({ length: 11 }, (_, index) => index)),
    edited: fc.option(fc.nat({ max: 10 }), { nil: undefined }),
    half: fc.option(fc.record({ index: fc.nat({ max: 10 }), direction: fc.constantFrom('up', 'down') }), {
      nil: undefined,
    }),
    deferred: fc.subarray(Array.from({ length: 10 }, (_, index) => index)),
  })
  const late = fc.constantFrom('refuse', 'apply')
  const deaths = fc.array(fc.boolean(), { maxLength: 30 })

  function journalOf({ applied, edited, half, deferred }: JournalDrawn, size: number): JournalState {
    return {
      ...emptyJournal,
      applied: applied.map((index) => ({
        id: idOf(index),
        name: `m${index}`,
        sha256: index === edited ? `other bytes ${index}` : `bytes ${index}`,
        meaning: index === edited ? 'another meaning' : `meaning ${index}`,
        phase: 'expand',
        change: null,
        down: null,
        downTransaction: true,
        appliedAt: new Date(0),
      })),
      unfinished:
        half === undefined || (half.direction === 'up') === applied.includes(half.index)
          ? []
          : [
              {
                migration: idOf(half.index),
                direction: half.direction,
                statement: 0,
                sql: '',
                state: 'began',
                sqlState: null,
                done: [],
              },
            ],
      deferred: deferred.filter((index) => index < size).map(idOf),
    }
  }

  test('it refuses, or it applies only what is not applied and resumes exactly what is half done, whenever it dies', () => {
    fc.assert(
      fc.property(sketches, journals, late, deaths, (drawn, journal, policy, dying) => {
        const calm = worldOf(drawn, { steps: undefined, toIndex: undefined, phases: undefined })
        const world = new World({ ...calm.plan, late: policy }, calm.outside)
        world.journal = journalOf(journal, drawn.length)
        const begin = world.journal
        expect(world.decide()).toEqual(world.decide())
        const performed = run(world, dying, (decision) => {
          if (decision.kind !== 'apply' && decision.kind !== 'resume') return
          const half = world.journal.unfinished.some(({ migration }) => migration === decision.migration)
          expect({ kind: decision.kind, half }).toEqual({ kind: half ? 'resume' : 'apply', half })
          expect(world.journal.applied.map(({ id }) => id)).not.toContain(decision.migration)
        })
        if (performed.kind === 'refuse') {
          // What is refused is refused before anything is done.
          expect(world.applied).toEqual([])
          expect(world.journal).toEqual(begin)
          expect(performed.problems.length).toBeGreaterThan(0)
        }
        const gone = begin.applied.some(({ id }) => !world.plan.migrations.some((one) => one.id === id))
        const edited = begin.applied.some(({ meaning }) => meaning === 'another meaning')
        const halfDown = begin.unfinished.some(({ direction }) => direction === 'down')
        if (gone || edited || halfDown) expect(performed.kind).toBe('refuse')
      }),
      { numRuns: 1000 },
    )
  })
})

interface JournalDrawn {
  readonly applied: readonly number[]
  readonly edited: number | undefined
  readonly half: { readonly index: number; readonly direction: 'up' | 'down' } | undefined
  readonly deferred: readonly number[]
}

function related(a: PlannedMigration, b: PlannedMigration): boolean {
  if (a.requires.includes(b.id) || (a.change !== undefined && a.change === b.change)) return true
  if (a.touches === 'unknown' || b.touches === 'unknown') return true
  const other = b.touches.changes
  return [...a.touches.changes].some((table) => other.has(table))
}

describe('what is refused', () => {
  const migrations = migrationsOf([
    { phase: 'expand', change: undefined, tables: ['a'], gates: [], requires: [], backfill: false, outside: false },
    { phase: 'expand', change: undefined, tables: ['b'], gates: [], requires: [], backfill: false, outside: false },
  ])
  const plan: RunPlan = { migrations, late: 'refuse' }
  const row = (id: string, meaning: string): JournalState['applied'][number] => ({
    id,
    name: 'm',
    sha256: 's',
    meaning,
    phase: 'expand',
    change: null,
    down: null,
    downTransaction: true,
    appliedAt: new Date(0),
  })

  test.each([
    ['edited', { ...emptyJournal, applied: [row('100', 'other')] }, [{ kind: 'edited', migration: '100' }]],
    ['deleted', { ...emptyJournal, applied: [row('99', 'x')] }, [{ kind: 'deleted', migration: '99' }]],
    [
      'late',
      { ...emptyJournal, applied: [row('101', 'meaning 1')] },
      [{ kind: 'late', migration: '100', other: '101' }],
    ],
  ])('%s', (_, journal, problems) => {
    expect(decide(plan, journal, [])).toEqual({ kind: 'refuse', problems })
  })
})
