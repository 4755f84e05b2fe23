import { ToolkitError } from '../core/errors.ts'
import { listOf, suggestion } from '../core/text.ts'
import type { Fit, Layout, LayoutOptions } from '../layouts/layout.ts'
import { isScript } from '../layouts/recorded/programs.ts'
import type { SourceFile } from '../model/migration.ts'
import { markFinder } from './project-marks.ts'
import type { SourceSet } from './source-files.ts'

export interface LayoutChoice {
  readonly set: SourceSet
  readonly layouts: readonly Layout[]
  /** The layout's id; detected when absent. */
  readonly wanted?: string | undefined
  /** `run`: only layouts that our runner runs; `read`: no bare SQL unless it is asked for; `lint`: everything. */
  readonly purpose: 'lint' | 'read' | 'run'
  readonly options: LayoutOptions
}

/** What a layout reads of a set of files. */
export function wantedFiles(layout: Layout, { sources }: SourceSet): readonly SourceFile[] {
  return sources.filter(({ below }) => below === undefined || layout.wants(below)).map(({ file }) => file)
}

/**
 * The layout of files: the one that was named, else the one that they look like. Where several fit and do not mean the
 * same, none is guessed.
 *
 * @throws ToolkitError `layout-unknown`, `layout-unfit`, `layout-ambiguous`, `layout-not-run`
 */
export function pickLayout(choice: LayoutChoice): Layout {
  const layout = choice.wanted === undefined ? detected(choice) : named(choice, choice.wanted)
  if (choice.purpose !== 'run' || layout.runs === true) return layout
  throw new ToolkitError({
    code: 'layout-not-run',
    message: `These are migrations of ${layout.id}, which this program reads but does not run. Nothing was done.`,
    hint: 'What works on them: migrate lint, migrate plan, migrate verify. Run them with their own tool.',
  })
}

function named({ set, layouts }: LayoutChoice, wanted: string): Layout {
  const layout = layouts.find(({ id }) => id === wanted)
  if (layout === undefined)
    throw new ToolkitError({
      code: 'layout-unknown',
      message: `There is no layout "${wanted}".`,
      hint: suggestion(
        wanted,
        layouts.map(({ id }) => id),
      ),
    })
  // A file without sections is told by the native layout itself, with its place.
  if (layout.runs === true || fitOf(layout, set) !== 'no') return layout
  throw new ToolkitError({
    code: 'layout-unfit',
    message: `No file here looks like one of ${layout.id}: ${layout.title}.`,
    hint: 'Leave --layout out to have it detected, or name the directory that its tool reads.',
  })
}

interface Candidate {
  readonly layout: Layout
  readonly fit: Fit
}

function detected(choice: LayoutChoice): Layout {
  const { set, layouts, purpose } = choice
  // Our runner reads what it can read, whichever other tool can read it too.
  const run = purpose === 'run' ? layouts.filter((layout) => layout.runs === true && !fitsEverything(layout)) : []
  const ours = run.toSorted(byRank).find((layout) => fitOf(layout, set) === 'certain')
  if (ours !== undefined) return ours
  const found = layouts
    .map((layout): Candidate => ({ layout, fit: fitOf(layout, set) }))
    .filter(({ layout, fit }) => fit !== 'no' && !fitsEverything(layout))
    .toSorted((a, b) => byRank(a.layout, b.layout))
  const isMarked = memoized(markFinder(set.start))
  const certain = refined(
    found.filter(({ fit }) => fit === 'certain').map(({ layout }) => layout),
    isMarked,
  )
  if (certain.length > 0) return only(certain, isMarked, choice)
  const marked = found.map(({ layout }) => layout).filter(isMarked)
  if (marked.length > 0) return only(marked, isMarked, choice)
  // Files that are still to be filled in look like anything.
  const own = layouts.find(({ runs }) => runs === true)
  if (own !== undefined && set.sources.every(isBlank)) return own
  const possible = found.filter(({ fit }) => fit === 'possible').map(({ layout }) => layout)
  if (possible.length > 0) return only(possible, isMarked, choice)
  const bare = layouts.find((layout) => fitsEverything(layout) && fitOf(layout, set) !== 'no')
  if (bare !== undefined && purpose === 'lint') return bare
  throw noLayout(set)
}

function isBlank({ below, file }: SourceSet['sources'][number]): boolean {
  return below !== undefined && file.text.trim() === ''
}

function byRank(a: Layout, b: Layout): number {
  return a.rank - b.rank
}

function fitOf(layout: Layout, set: SourceSet): Fit {
  const files = wantedFiles(layout, set)
  return files.length === 0 ? 'no' : layout.detect(files, set.names)
}

/** A layout that takes whatever it is given: it is no evidence that the files are migrations. */
function fitsEverything(layout: Layout): boolean {
  return layout.detect([], []) !== 'no'
}

function memoized(hasMark: (mark: Layout['marks'][number]) => boolean): (layout: Layout) => boolean {
  const known = new Map<Layout, boolean>()
  return (layout) => {
    const answer = known.get(layout) ?? layout.marks.some(hasMark)
    known.set(layout, answer)
    return answer
  }
}

/** Of a layout and one that refines it, one stays. */
function refined(layouts: readonly Layout[], isMarked: (layout: Layout) => boolean): readonly Layout[] {
  const others = layouts.filter(({ refines }) => layouts.some(({ id }) => id === refines))
  const gone = new Set(others.flatMap((layout) => (isMarked(layout) ? [layout.refines] : [layout.id])))
  return layouts.filter(({ id }) => !gone.has(id))
}

/** The only one of several that fit alike: by its mark, or because all of them read the same. */
function only(layouts: readonly Layout[], isMarked: (layout: Layout) => boolean, choice: LayoutChoice): Layout {
  const marked = layouts.filter(isMarked)
  const left = marked.length > 0 ? marked : layouts
  const [first, ...others] = left
  if (first !== undefined && others.length === 0) return first
  const meanings = new Set(left.map((layout) => meaningOf(layout, choice)))
  if (first !== undefined && meanings.size === 1) return first
  throw new ToolkitError({
    code: 'layout-ambiguous',
    message: `These files may be migrations of ${listOf(left.map(({ id }) => id)).replace(/ and (?=\S+$)/, ' or ')}, which run them differently. Nothing was done.`,
    hint: `Say which: --layout ${first?.id ?? 'plain'}, or "layout" in migrate.config.json.`,
  })
}

/** What a layout makes of the files, as a text: what runs in which order, and in which transactions. */
function meaningOf(layout: Layout, { set, options }: LayoutChoice): string {
  // What a program means is only known when it has run.
  if (layout.program !== undefined) return layout.id
  const { migrations, problems } = layout.read(wantedFiles(layout, set), options)
  const parts = migrations.map(({ source, up, down }) => {
    const back =
      down.kind === 'sql' ? [down.section.source?.path, down.section.sql, down.section.transaction] : down.kind
    return [source.path, up.sql, up.transaction, back]
  })
  return JSON.stringify([parts, problems.length])
}

function noLayout({ sources: [first] }: SourceSet): ToolkitError {
  if (first !== undefined && isScript(first.file.path)) return noProgram(first.file)
  return new ToolkitError({
    code: 'layout-unknown',
    message: 'No file has a line "-- migrate:up", so none is known to be a migration. Nothing was done.',
    hint: 'Write -- migrate:up above the statements of each (see: migrate new), or say that the files are bare SQL: --layout plain',
    ...(first === undefined ? {} : { at: { path: first.file.path, line: 1, column: 1 } }),
  })
}

function noProgram({ path }: SourceFile): ToolkitError {
  return new ToolkitError({
    code: 'layout-unknown',
    message: 'No file looks like a migration of a tool whose migrations are programs. Nothing was done.',
    hint: 'Say whose they are: --layout kysely, knex, typeorm or node-pg-migrate. Each exports up(), or a class with it.',
    at: { path, line: 1, column: 1 },
  })
}
