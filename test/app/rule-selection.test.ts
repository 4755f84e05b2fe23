import { describe, expect, test } from 'vitest'
import type { LintConfig, RuleChoice } from '../../src/app/config/lint.ts'
import { customRulesOf } from '../../src/app/custom-rules.ts'
import { ruleSelections } from '../../src/app/rule-selection.ts'
import type { Rule } from '../../src/rules/rule.ts'
import { defineRule } from '../../src/rules/rule.ts'
import { ToolkitError } from '../../src/core/errors.ts'

const shared = { severity: 'error', summary: 'x', why: 'x', hazards: [], sources: [], examples: [] } as const

const rules: readonly Rule[] = [
  defineRule({ ...shared, id: 'always', looksAt: ['drop-table'], check: () => [] }),
  defineRule({ ...shared, id: 'sometimes', preset: 'strict', looksAt: ['drop-table'], check: () => [] }),
  defineRule({
    ...shared,
    id: 'taste',
    preset: 'style',
    looksAt: ['create-index'],
    options: { columns: { default: 4, summary: 'Columns of an index that are still fine.' } },
    check: () => [],
  }),
]

const nothing: Pick<LintConfig, 'presets' | 'rules' | 'overrides'> = {
  presets: ['recommended'],
  rules: {},
  overrides: [],
}

function refusal(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error
    const { code, message, hint = '' } = error
    return { code, message, hint: hint.slice(0, 100) }
  }
}

function select(config: Partial<LintConfig>, asked?: RuleChoice): ReturnType<typeof ruleSelections> {
  return ruleSelections({ rules, config: { ...nothing, ...config }, asked, root: '/shop', cwd: '/shop/db' })
}

/** The ids that are asked, those with a severity of their own with it. */
function asked(selection: ReturnType<ReturnType<typeof select>['selectionFor']>): readonly string[] | undefined {
  return selection?.rules.map(({ id }) => [id, selection.severities?.[id]].filter(Boolean).join('='))
}

test.each<[string, Partial<LintConfig>, RuleChoice | undefined, readonly string[]]>([
  ['the default', {}, undefined, ['always']],
  ['strict brings recommended along', { presets: ['strict'] }, undefined, ['always', 'sometimes']],
  ['style stands by itself', { presets: ['style'] }, undefined, ['taste']],
  ['no preset', { presets: [] }, undefined, []],
  [
    'a rule with a severity is asked whatever its preset',
    { rules: { taste: 'info' } },
    undefined,
    ['always', 'taste=info'],
  ],
  ['a rule that is off', { rules: { always: 'off', sometimes: 'off' } }, undefined, []],
  ['a preset of the run is added', {}, { presets: ['style'] }, ['always', 'taste']],
  ['a severity of the run wins', { rules: { always: 'off' } }, { rules: { always: 'info' } }, ['always=info']],
])('%s', (_, config, choice, expected) => {
  expect(asked(select(config, choice))).toEqual(expected)
})

describe('overrides', () => {
  const config: Partial<LintConfig> = {
    rules: { sometimes: 'warning' },
    overrides: [
      { files: 'db/old/**', rules: { always: 'off' } },
      { files: ['db/**/2024*.sql', 'other/*'], presets: ['style'], rules: { sometimes: 'off' } },
    ],
  }

  test.each([
    ['new/2025.sql', undefined],
    ['old/2025.sql', ['sometimes=warning']],
    ['new/2024.sql', ['taste']],
    ['old/2024.sql', ['taste']],
    ['/shop/other/2026.sql', ['taste']],
  ])('%s', (path, expected) => {
    expect(asked(select(config).selectionFor(path))).toEqual(expected)
  })

  test('what the run asks wins over them, and files that the same ones fit share a selection', () => {
    const { selectionFor } = select(config, { presets: ['recommended'], rules: { sometimes: 'error' } })
    expect(asked(selectionFor('new/2024.sql'))).toEqual(['always', 'sometimes=error', 'taste'])
    expect(selectionFor('new/2024.sql')).toBe(selectionFor('new/2024_b.sql'))
  })
})

test('values of options, for the rules that are asked', () => {
  const { settings } = select({ rules: { taste: ['warning', { columns: 2 }], always: ['off', {}] } })
  expect(settings).toEqual({ taste: { columns: 2 } })
})

test.each<[string, Partial<LintConfig>, RuleChoice | undefined]>([
  ['a rule that there is not', { rules: { alway: 'off' } }, undefined],
  ['the same in an override', { overrides: [{ files: '*', rules: { alway: 'off' } }] }, undefined],
  ['the same on the command line', {}, { rules: { alway: 'off' } }],
  ['an option that there is not', { rules: { taste: ['info', { colums: 2 }] } }, undefined],
  ['an option of a rule that has none', { rules: { always: ['info', { columns: 2 }] } }, undefined],
  ['an option of another type', { rules: { taste: ['info', { columns: 'two' }] } }, undefined],
])('%s', (_, config, choice) => {
  expect(refusal(() => select(config, choice))).toMatchSnapshot()
})

describe('rules of a configuration', () => {
  const ours = defineRule({ ...shared, id: 'ours', looksAt: ['drop-table'], check: () => [] })

  test('have no page unless they name one', () => {
    const made = customRulesOf([ours, { ...ours, id: 'theirs', docs: 'https://example.com/theirs' }], ['always'])
    expect(made.map(({ docs }) => docs)).toEqual([false, 'https://example.com/theirs'])
  })

  test.each<[string, readonly unknown[]]>([
    ['an id that is taken', [{ ...ours, id: 'always' }]],
    ['an id given twice', [ours, ours]],
    ['an id in another case', [{ ...ours, id: 'NoTables' }]],
    ['no summary', [{ ...ours, summary: '' }]],
    ['a severity that there is not', [{ ...ours, severity: 'off' }]],
    ['sources that are no list', [{ ...ours, sources: 'x' }]],
    ['a check that cannot be called', [{ ...ours, check: 'x' }]],
    ['a misspelt kind of fact', [{ ...ours, looksAt: ['drop-tabel'] }]],
  ])('%s', async (_, made) => {
    const { checkConfig } = await import('../../src/app/config.ts')
    const { customRules } = checkConfig({ lint: { customRules: made } }, 'migrate.config.js').lint
    expect(refusal(() => customRulesOf(customRules, ['always']))).toMatchSnapshot()
  })
})
