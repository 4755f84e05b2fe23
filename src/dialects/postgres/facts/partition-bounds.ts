import type { Node, PartitionBoundSpec } from 'libpg-query'
import type { PartitionBound, RangeEnd } from '../../../model/partition.ts'
import { as } from '../grammar.ts'
import { literalOf } from '../literals.ts'
import { strings } from '../names.ts'

/** What FOR VALUES … or DEFAULT says. */
export function partitionBound(spec: PartitionBoundSpec): PartitionBound {
  if (spec.is_default === true) return { kind: 'default' }
  switch (spec.strategy) {
    case 'h':
      return { kind: 'hash', modulus: spec.modulus ?? 0, remainder: spec.remainder ?? 0 }
    case 'l':
      return { kind: 'list', values: (spec.listdatums ?? []).map(literalOf) }
    default:
      return {
        kind: 'range',
        from: (spec.lowerdatums ?? []).map(rangeEnd),
        to: (spec.upperdatums ?? []).map(rangeEnd),
      }
  }
}

function rangeEnd(node: Node): RangeEnd {
  const [word] = strings(as(node, 'ColumnRef')?.fields)
  if (word === 'minvalue' || word === 'maxvalue') return 'unlimited'
  const literal = literalOf(node)
  return literal === undefined ? undefined : { literal }
}
