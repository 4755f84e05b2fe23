import type { Dialect } from '../dialect.ts'
import { boundByKey } from './bound-by-key.ts'
import { effects } from './effects.ts'
import { loadGrammar } from './grammar.ts'
import { mapColumns } from './map-columns.ts'
import { meaning } from './meaning.ts'
import { mayControl } from './may-control.ts'
import { parse } from './parse.ts'
import { mended } from './queries/mended.ts'
import { shapeOf } from './queries/shape.ts'
import { useOf } from './queries/use.ts'
import { withoutConstants } from './queries/without-constants.ts'
import { sideEffects } from './side-effects.ts'
import { holdsString } from './strings.ts'
import { typeChange } from './type-change.ts'

/** PostgreSQL, read with the grammar of version 18, which accepts what 14 to 17 accept. */
export const postgres: Dialect = {
  id: 'postgres',
  title: 'PostgreSQL',
  versions: [14, 15, 16, 17, 18],
  load: loadGrammar,
  parse,
  mayControl,
  effects,
  typeChange,
  holdsString,
  mapColumns,
  sideEffects,
  meaning,
  boundByKey,
  queries: { shape: shapeOf, use: useOf, withoutConstants, mended },
}
