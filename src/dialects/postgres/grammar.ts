import * as library from 'libpg-query'
import { messageOf, ToolkitError } from '../../core/errors.ts'
import type { Node, RawStmt } from 'libpg-query'
import { isTooDeep } from './nesting.ts'
import { plainTokens } from './plain-tokens.ts'

/**
 * The one place where the parser's JSON gets its types: PostgreSQL's own grammar, compiled to WebAssembly. Fields that
 * have their default (0, false, empty) are absent from the JSON; a location that is absent is therefore 0.
 */

/** Names of all node kinds of the syntax tree. */
export type NodeTag = Node extends infer One ? (One extends unknown ? keyof One : never) : never

/** What the node of a kind holds. */
export type NodeOf<T extends NodeTag> = Extract<Node, Record<T, unknown>> extends Record<T, infer Held> ? Held : never

export type GrammarAnswer =
  | { readonly accepted: true; readonly statements: readonly RawStmt[] }
  /** `character`: where the grammar stopped, in characters from the start of the text. */
  | { readonly accepted: false; readonly message: string; readonly character: number }

export interface ScannedToken {
  readonly text: string
  readonly name: string
  readonly keyword: boolean
}

let isLoaded = false
let loading: Promise<void> | undefined

/** Loads and compiles the grammar, once for the process. What is loaded after the call meets a compiler at work beside it. */
export function loadGrammar(): Promise<void> {
  loading ??= load()
  return loading
}

async function load(): Promise<void> {
  await library.loadModule()
  isLoaded = true
}

/**
 * Whether the grammar accepts `sql`, and what it makes of it. `sql` must not be empty, hold a NUL character or be nested
 * too deeply (`isTooDeep`).
 *
 * @throws ToolkitError `sql-not-understood` when the grammar breaks instead of answering
 */
export function parseTree(sql: string): GrammarAnswer {
  const loaded = loadedLibrary()
  try {
    return { accepted: true, statements: loaded.parseSync(sql).stmts ?? [] }
  } catch (error) {
    if (error instanceof loaded.SqlError)
      return { accepted: false, message: error.message, character: error.sqlDetails?.cursorPosition ?? 0 }
    // It ran out of stack or memory, and whatever it would be asked now it would answer wrongly.
    throw new ToolkitError({
      code: 'sql-not-understood',
      message: `The grammar gave up on a text of ${sql.length} characters: ${messageOf(error)}`,
      hint: 'Write it as several shorter statements.',
      cause: error,
    })
  }
}

/** The tokens of `sql`, comments included; undefined where even the scanner refuses it (an open quote), or would take minutes. */
export function scanTokens(sql: string): readonly ScannedToken[] | undefined {
  if (isTooDeep(sql)) return undefined
  const plain = plainTokens(sql)
  if (plain !== undefined) return plain
  try {
    return loadedLibrary()
      .scanSync(sql)
      .tokens.map(({ text, tokenName, keywordKind }) => ({ text, name: tokenName, keyword: keywordKind !== 0 }))
  } catch {
    return undefined
  }
}

function loadedLibrary(): typeof library {
  if (!isLoaded) throw new Error('load() of the dialect has to be awaited before it reads SQL')
  return library
}

/** What `node` holds when it is of the kind `tag`. */
export function as<T extends NodeTag>(node: Node | undefined, tag: T): NodeOf<T> | undefined {
  return node === undefined ? undefined : (node as unknown as { readonly [K in T]?: NodeOf<T> })[tag]
}

/** What those of `nodes` hold that are of the kind `tag`. */
export function allOf<T extends NodeTag>(nodes: readonly Node[] | undefined, tag: T): readonly NodeOf<T>[] {
  const held: NodeOf<T>[] = []
  for (const node of nodes ?? []) {
    const one = as(node, tag)
    if (one !== undefined) held.push(one)
  }
  return held
}

/** The kind of a node. */
export function tagOf(node: Node): NodeTag {
  for (const tag in node) return tag as NodeTag
  throw new Error('a node of the syntax tree is empty')
}

/** One entry a kind: what to do with a node of it. A kind that is left out is a type error. */
export type NodeTable<T extends NodeTag, Context, Result> = {
  readonly [K in T]: (held: NodeOf<K>, context: Context) => Result
}

/** Does what the table says for the node; undefined where the table has no entry for its kind. */
export function dispatch<T extends NodeTag, Context, Result>(
  table: NodeTable<T, Context, Result>,
  node: Node,
  context: Context,
): Result | undefined {
  const tag = tagOf(node)
  if (!Object.hasOwn(table, tag)) return undefined
  const known = tag as T
  const handle = table[known] as (held: NodeOf<T>, context: Context) => Result
  return handle((node as unknown as { readonly [K in T]: NodeOf<T> })[known], context)
}

/**
 * Calls `visit` with every node below `root` (a node or what a node holds), in the order of the text as far as the tree
 * keeps it. Where `visit` answers false the node's inside is left out, and so is every field named in `skip`.
 * Works with a stack of its own: a sum of 100,000 terms is a tree as deep.
 */
export function walk(
  root: object | undefined,
  visit: (node: Node, tag: NodeTag) => boolean | void,
  skip: ReadonlySet<string> = nothingSkipped,
): void {
  if (root === undefined) return
  const open: unknown[] = [root]
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value !== 'object' || value === null) continue
    if (Array.isArray(value)) {
      for (let index = value.length - 1; index >= 0; index -= 1) open.push(value[index])
      continue
    }
    const keys = Object.keys(value)
    const [tag] = keys
    // Kinds of nodes start with a capital letter, fields never do.
    if (keys.length === 1 && tag !== undefined && tag.charCodeAt(0) < 0x61) {
      if (visit(value as Node, tag as NodeTag) === false) continue
    }
    for (let index = keys.length - 1; index >= 0; index -= 1) {
      const key = keys[index] ?? ''
      if (!skip.has(key)) open.push((value as Record<string, unknown>)[key])
    }
  }
}

const nothingSkipped: ReadonlySet<string> = new Set()

/** Whether two trees say the same: places in the text, and the spelling of a call, left out. */
export function sameTree(a: Node, b: Node): boolean {
  return meaningOfTree(a) === meaningOfTree(b)
}

/** A tree as text without places and spellings: equal texts say the same. */
export function meaningOfTree(tree: Node): string {
  return JSON.stringify(tree, (key, value: unknown) => {
    if (spelling.has(key)) return undefined
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    // Fields in one order: a tree that was put together has them in another.
    return Object.fromEntries(Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1)))
  })
}

const spelling: ReadonlySet<string> = new Set([
  'location',
  'name_location',
  'stmt_location',
  'stmt_len',
  'list_start',
  'list_end',
  'rexpr_list_start',
  'rexpr_list_end',
  'funcformat',
])

/** A copy of a tree in which `change` may put another node in the place of one; what it leaves is looked into. */
export function mapNodes(root: Node, change: (node: Node, tag: NodeTag) => Node | undefined): Node {
  const copy = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(copy)
    const keys = Object.keys(value)
    const [tag] = keys
    if (keys.length === 1 && tag !== undefined && tag.charCodeAt(0) < 0x61) {
      const changed = change(value as Node, tag as NodeTag)
      if (changed !== undefined) return changed
    }
    return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, copy(held)]))
  }
  return copy(root) as Node
}
