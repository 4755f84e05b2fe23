import { relative, resolve } from 'node:path'
import picomatch from 'picomatch'
import { ToolkitError } from '../core/errors.ts'
import type { ErrorCode } from '../core/error-codes.ts'
import { listOf, suggestion } from '../core/text.ts'
import { builtInRules } from '../lint/built-in.ts'
import type { RuleSelection, Severities } from '../lint/lint.ts'
import type { RuleSettings } from '../lint/rule-table.ts'
import type { Severity } from '../model/finding.ts'
import type { Preset, Rule } from '../rules/rule.ts'
import type { LintConfig, OptionValue, RuleChoice, RuleOverride, RuleSetting } from './config/lint.ts'

export interface SelectionInput {
  /** Every rule that there is, those of the configuration too. */
  readonly rules: readonly Rule[]
  readonly config: Pick<LintConfig, 'presets' | 'rules' | 'overrides'>
  /** What one run asks beside the configuration: its presets are added, its severities win. */
  readonly asked?: RuleChoice | undefined
  /** The directory that the globs of overrides are relative to. */
  readonly root: string
  /** The directory that paths of files are relative to. */
  readonly cwd: string
}

export interface Selections extends RuleSelection {
  readonly selectionFor: (path: string) => RuleSelection | undefined
}

/**
 * The rules that a configuration asks, for all files and for those that its overrides name.
 *
 * @throws ToolkitError `rule-unknown`, `config-invalid` for options that a rule does not take
 */
export function ruleSelections({ rules, config, asked = {}, root, cwd }: SelectionInput): Selections {
  for (const [choice, where] of choicesOf(config, asked)) checkSettings(choice.rules ?? {}, rules, where)
  const base = { presets: config.presets, rules: config.rules }
  const matchers = config.overrides.map((override) => ({ override, matches: matcherOf(override) }))
  const made = new Map<string, RuleSelection>()
  return {
    ...selectionOf(rules, [base], asked),
    selectionFor: (path) => {
      const fitting = matchers.map(({ matches }) => matches(slashed(relative(root, resolve(cwd, path)))))
      if (!fitting.includes(true)) return undefined
      const key = fitting.map(Number).join('')
      const overrides = matchers.filter((_, index) => fitting[index] === true).map(({ override }) => override)
      const selection = made.get(key) ?? selectionOf(rules, [base, ...overrides], asked)
      made.set(key, selection)
      return selection
    },
  }
}

/** Every choice with the words for where it stands. */
function choicesOf(config: SelectionInput['config'], asked: RuleChoice): readonly (readonly [RuleChoice, string])[] {
  return [
    [config, 'The configuration'],
    ...config.overrides.map((override): [RuleChoice, string] => [override, 'An override in the configuration']),
    [asked, '--rule'],
  ]
}

function matcherOf({ files }: RuleOverride): (path: string) => boolean {
  return picomatch(typeof files === 'string' ? files : [...files], { dot: true })
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/')
}

function selectionOf(rules: readonly Rule[], layers: readonly RuleChoice[], asked: RuleChoice): RuleSelection {
  const presets = [
    ...(layers.findLast((layer) => layer.presets !== undefined)?.presets ?? []),
    ...(asked.presets ?? []),
  ]
  const given = [...layers, asked].flatMap((layer) => Object.entries(layer.rules ?? {}))
  const settings: Readonly<Record<string, RuleSetting>> = Object.fromEntries(given)
  const severityOf = (id: string): Severity | 'off' | undefined => partsOf(settings[id])?.severity
  const kept = rules.filter((rule) => {
    const severity = severityOf(rule.id)
    return severity === undefined ? inPresets(rule.preset ?? 'recommended', presets) : severity !== 'off'
  })
  const named = [...kept, ...builtInRules].map(({ id }) => id)
  return {
    rules: kept,
    severities: record<Severities[string]>(named, severityOf),
    settings: record<RuleSettings[string]>(named, (id) => partsOf(settings[id])?.options),
  }
}

/** Who wants to hear of what is sometimes dangerous wants to hear of what always is. */
function inPresets(preset: Preset, asked: readonly Preset[]): boolean {
  return asked.includes(preset) || (preset === 'recommended' && asked.includes('strict'))
}

function record<T>(ids: readonly string[], valueOf: (id: string) => T | undefined): Readonly<Record<string, T>> {
  const entries = ids.flatMap((id): [string, T][] => {
    const value = valueOf(id)
    return value === undefined ? [] : [[id, value]]
  })
  return Object.fromEntries(entries)
}

interface SettingParts {
  readonly severity: Severity | 'off'
  readonly options: Readonly<Record<string, OptionValue>>
}

function partsOf(setting: RuleSetting | undefined): SettingParts | undefined {
  if (setting === undefined) return undefined
  return typeof setting === 'string'
    ? { severity: setting, options: {} }
    : { severity: setting[0], options: setting[1] }
}

function checkSettings(settings: Readonly<Record<string, RuleSetting>>, rules: readonly Rule[], where: string): void {
  const known = [...rules, ...builtInRules].map(({ id }) => id)
  for (const [id, setting] of Object.entries(settings)) {
    if (!known.includes(id))
      throw refused(
        'rule-unknown',
        `${where} gives a severity to the rule "${id}", which does not exist.`,
        suggestion(id, known),
      )
    const options = rules.find((rule) => rule.id === id)?.options ?? {}
    for (const [name, value] of Object.entries(partsOf(setting)?.options ?? {}))
      checkOption({ id, options, name, value })
  }
}

function checkOption(given: {
  readonly id: string
  readonly options: NonNullable<Rule['options']>
  readonly name: string
  readonly value: OptionValue
}): void {
  const { id, options, name, value } = given
  const option = options[name]
  const names = Object.keys(options)
  if (option === undefined) {
    const hint = names.length === 0 ? `The rule takes no options: "${id}": "warning"` : suggestion(name, names)
    throw refused('config-invalid', `The rule "${id}" has no option "${name}".`, hint)
  }
  if (typeof value === typeof option.default) return
  throw refused(
    'config-invalid',
    `The option "${name}" of the rule "${id}" is a ${typeof option.default}, not ${JSON.stringify(value)}.`,
    `${option.summary} Its default is ${JSON.stringify(option.default)}. Options: ${listOf(names)}.`,
  )
}

function refused(code: ErrorCode, message: string, hint: string): ToolkitError {
  return new ToolkitError({ code, message, hint })
}
