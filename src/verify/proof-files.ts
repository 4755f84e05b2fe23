import { levels, proofVersion } from '../model/proof.ts'
import type { Proof, ProofKey } from '../model/proof.ts'

/** Whether a stored proof speaks of the files as they are now. */
export type ProofState = 'valid' | 'stale' | 'missing'

/** What lies in `proofs/<id>.json`: a proof, or why there is none. */
export interface ReadProof {
  readonly proof?: Proof
  /** One sentence, where there is a file that is no proof of this version. */
  readonly problem?: string
}

/** The text of `proofs/<id>.json`: the same proof gives the same bytes. */
export function proofText(proof: Proof): string {
  return `${JSON.stringify(proof, null, 2)}\n`
}

/** Reads `proofs/<id>.json`. What is no proof of this version counts as having none. */
export function parseProof(text: string): ReadProof {
  const value = jsonOf(text)
  if (isProof(value)) return { proof: value }
  const version = fieldOf(value, 'version')
  if (version === proofVersion || typeof version !== 'number') return { problem: 'Its proof is damaged.' }
  const age = version < proofVersion ? 'an older version that says less' : 'a newer version of this tool'
  return { problem: `Its proof is of ${age} (version ${version}, not ${proofVersion}).` }
}

/** Whether a text is a proof of whatever version. */
export function isProofFile(text: string): boolean {
  const value = jsonOf(text)
  return ['id', 'up', 'tool'].every((name) => isText(fieldOf(value, name))) && Array.isArray(fieldOf(value, 'levels'))
}

/** Compares what a proof was made from with what there is now. */
export function proofState(proof: Proof | undefined, key: ProofKey): ProofState {
  if (proof === undefined) return 'missing'
  return staleness(proof, key) === undefined ? 'valid' : 'stale'
}

/** Why a proof does not speak of what there is now; undefined where it does. */
export function staleness(proof: Proof, key: ProofKey): string | undefined {
  if (proof.id !== key.id) return `Its proof is that of ${proof.id}.`
  if (proof.up !== key.up) return 'Its upgrade was changed after it had been verified.'
  if (proof.down !== key.down || proof.irreversible !== key.irreversible)
    return 'Its downgrade was changed after it had been verified.'
  if (proof.losses.join('\n') !== key.losses.join('\n'))
    return 'What its downgrade is declared to lose was changed after it had been verified.'
  if (proof.history !== key.history) return 'The history before it was changed after it had been verified.'
  if (proof.seed.hash !== key.seed) return 'The seed files were changed after it had been verified.'
  if (queriesHash(proof) !== key.queries) return 'The captured queries were changed after it had been verified.'
  return undefined
}

/**
 * What a proof in a file says otherwise than one that was made now from the same; undefined where it does not. Words
 * of another server or another version of this tool are not compared.
 */
export function contradiction(stored: Proof, made: Proof): string | undefined {
  const standings = made.levels.flatMap(({ level, standing }) => {
    const was = stored.levels.find((one) => one.level === level)?.standing
    return was === standing ? [] : [`${level} is ${standing} now, in the file ${was ?? 'not judged'}`]
  })
  if (standings.length > 0) return `It says something else: ${standings.join('; ')}.`
  const sameTool = stored.server === made.server && stored.shadow === made.shadow && stored.tool === made.tool
  if (!sameTool || proofText(stored) === proofText(made)) return undefined
  return 'It differs from what was found now.'
}

function queriesHash({ queries }: Proof): string | null {
  const hash = fieldOf(queries, 'hash')
  return typeof hash === 'string' ? hash : null
}

function isProof(value: unknown): value is Proof {
  const field = (name: string): unknown => fieldOf(value, name)
  const texts = ['id', 'history', 'up', 'before', 'server', 'shadow', 'tool']
  const textsOrNull = ['down', 'irreversible', 'after']
  const seed = field('seed')
  return (
    field('version') === proofVersion &&
    texts.every((name) => typeof field(name) === 'string') &&
    textsOrNull.every((name) => isTextOrNull(field(name))) &&
    [null, ...levels].some((known) => known === field('level')) &&
    isList(field('levels'), isLevelResult) &&
    isList(field('losses'), isText) &&
    (field('kept') === undefined || isList(field('kept'), isText)) &&
    isList(field('hides'), isText) &&
    isChange(field('changes')) &&
    typeof field('columnOrderDiffers') === 'boolean' &&
    typeof fieldOf(seed, 'rows') === 'number' &&
    isTextOrNull(fieldOf(seed, 'hash')) &&
    typeof field('queries') === 'object' &&
    typeof field('locks') === 'object'
  )
}

function isChange(value: unknown): boolean {
  const isAspects = (aspects: unknown): boolean => isRecord(aspects, isText)
  return isRecord(value, (parts) => parts === null || isRecord(parts, isAspects))
}

function isRecord(value: unknown, isMember: (member: unknown) => boolean): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isMember)
}

function isLevelResult(value: unknown): boolean {
  const standing = fieldOf(value, 'standing')
  return (
    levels.some((known) => known === fieldOf(value, 'level')) &&
    ['proven', 'broken', 'not covered'].some((known) => known === standing) &&
    isText(fieldOf(value, 'evidence'))
  )
}

function isList(value: unknown, isMember: (member: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every((member) => isMember(member))
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string'
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
