import type { Gate } from '../../src/gates/gate.ts'
import { catalogueOf } from './catalogues.ts'
import { memberPage, page, prose, table } from './markdown.ts'
import { loadMembers } from './members.ts'
import type { Output } from './output.ts'

/** `docs/gates/<id>.md` for every gate, and `docs/gates/index.md`. */
export async function gatePages(root: string): Promise<readonly Output[]> {
  const gates = (await loadMembers(catalogueOf('gate'), root, isGate)).map(({ value }) => value)
  const rows = gates.map((gate) => [`[${gate.id}](${gate.id}.md)`, gate.summary])
  const index = page(
    '# Gates',
    'Questions that must be answered with yes before a step runs. A gate is `open`, `closed` or `unknown`; only `open` lets a step through.',
    table(['gate', 'what it asks'], rows),
  )
  return [
    { path: 'docs/gates/index.md', text: index },
    ...gates.map((gate) => ({ path: `docs/gates/${gate.id}.md`, text: gatePage(gate) })),
  ]
}

const eachBatch =
  'It is asked again before each batch of a backfill that has it: the batches wait until it is open, and stop after ' +
  '`run.limits.gate` (an hour when not configured) with `backfill-halfway`, to be resumed by the next run.'

function isGate(value: unknown): value is Gate {
  return typeof value === 'object' && value !== null && 'ask' in value && 'options' in value
}

function gatePage(gate: Gate): string {
  const rows = gate.options.map((option) => [
    `\`${option.name}\``,
    option.summary,
    option.fallback === undefined ? 'must be written' : `\`${option.fallback}\``,
    `\`${option.name}:${option.example}\``,
  ])
  return memberPage(
    `# ${gate.id}`,
    prose(gate.summary),
    '## Why',
    prose(gate.why),
    ...(gate.eachBatch === true ? [prose(eachBatch)] : []),
    '## Options',
    rows.length === 0 ? 'None.' : table(['option', 'meaning', 'when not written', 'example'], rows),
    ...(gate.examples.length === 0 ? [] : ['## Examples', `\`\`\`sql\n${gate.examples.join('\n')}\n\`\`\``]),
  )
}
