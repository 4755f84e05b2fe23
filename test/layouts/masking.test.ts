import { expect, test } from 'vitest'
import { asName, asWritten } from '../../src/core/placeholder.ts'
import { maskCopyData } from '../../src/layouts/masking/copy-data.ts'
import { Mask } from '../../src/layouts/masking/mask.ts'
import {
  maskCapitals,
  maskDollarBraces,
  maskDollarNames,
  maskTemplates,
} from '../../src/layouts/masking/placeholders.ts'
import { maskPsql, refusePsql } from '../../src/layouts/masking/psql.ts'

/** The text after masking, names as they were written; it must be as long as before. */
function masked(text: string, apply: (mask: Mask) => void): string {
  const mask = new Mask({ path: 'a.sql', text, sha256: '' })
  apply(mask)
  expect(mask.sql).toHaveLength(text.length)
  return asWritten(mask.sql.replaceAll(/[\ue000-\ue0ff][\w\ue000-\ue0ff]*/g, (name) => `<${name}>`))
}

test('a placeholder as a name comes back as it was', () => {
  const written = '${flyway:defaultSchema}'
  expect(asName(written)).toMatch(/^[a-z0-9_\ue000-\ue0ff]+$/)
  expect(asName(written)).toHaveLength(written.length)
  expect(asWritten(`select * from ${asName(written)}.t`)).toBe(`select * from ${written}.t`)
})

test('variables of psql are names; casts, slices, assignments and strings are not', () => {
  const sql = `select :a, x::int, :'b', :"c", f(d := 1), e[1:n], ':no', $$:no$$, :{?g}; -- :no`
  expect(masked(sql, maskPsql)).toBe(
    `select <:a>, x::int,  'b',  "c", f(d := 1), e[1:n], ':no', $$:no$$, true ; -- :no`,
  )
})

test('commands of psql are left out to the end of their line, quotes in them open nothing', () => {
  expect(masked("\\echo it's\nselect 1 \\gset\nselect 2\\; select 3;\n\\copy a from 'f'\nselect 4;", maskPsql)).toBe(
    "          \nselect 1 ;    \nselect 2 ; select 3;\n copy a from 'f';select 4;",
  )
})

test('rows of COPY are left out up to their last line, however they look', () => {
  const sql = "copy a (b) from stdin;\n1\t'\n\\.\nselect 1;\n"
  expect(masked(sql, maskCopyData)).toBe('copy a (b) from stdin;\n   \n  \nselect 1;\n')
  expect(masked('copy a from stdin;\nselect 1;\n', maskCopyData)).toBe('copy a from stdin;\nselect 1;\n')
})

test('placeholders of the tools', () => {
  const whole = (mask: Mask): void => maskDollarNames(mask, mask.span)
  expect(masked('drop table ${a}.b', (mask) => maskDollarBraces(mask))).toBe('drop table <${a}>.b')
  expect(masked('grant x to $READER; select $1, $body$ $x $body$', whole)).toBe(
    'grant x to <$READER>; select $1, $body$ <$x> $body$',
  )
  expect(masked('grant x to :DATABASE_OWNER; select a::TEXT', maskCapitals)).toBe(
    'grant x to <:DATABASE_OWNER>; select a::TEXT',
  )
  expect(masked("{% if a %}drop table {{ b }}.c;{{ end }} select '{{ d }}'", maskTemplates)).toBe(
    "          drop table <{{ b }}>.c;          select '{{ d }}'",
  )
})

test('a command of psql in a file for the server is refused by itself', () => {
  const text = "select 1;\n\\connect it's\nselect 2;"
  const mask = new Mask({ path: 'a.sql', text, sha256: '' })
  refusePsql(mask, 'goose')
  const span = { start: 10, end: 23 }
  const message = `"\\connect it's" is a command of psql; goose sends it to the server, which refuses it`
  expect(mask.section(true).problems).toEqual([{ span, statement: span, message }])
  expect(mask.sql).toBe('select 1;\n             \nselect 2;')
})
