import type { Section, SourceFile, Tool } from '../model/migration.ts'
import { splitStatements } from '../sql/split.ts'
import type { Layout, LayoutOptions } from './layout.ts'
import { Mask } from './masking/mask.ts'
import { maskPsql } from './masking/psql.ts'
import { Reading } from './reading/collect.ts'
import { fileName, folderOf } from './reading/paths.ts'
import { readPlan } from './sqitch/plan.ts'
import { sqitchWriter } from './writing/sqitch.ts'

const tool: Tool = {
  name: 'sqitch',
  transactions: 'file',
  withoutTransaction: '-- in a script without BEGIN and COMMIT:',
  downgrade: '-- in the revert script of the same name:',
}

/** A plan, and one script a direction for each of its changes. */
export const sqitch: Layout = {
  id: 'sqitch',
  title: 'sqitch: sqitch.plan with the scripts of deploy/ and revert/',
  notes: [
    'psql runs each script statement by statement; a script begins and ends its transaction itself.',
    'The plan gives the order, also of changes that were reworked. A change whose script is not there is left out, and so are the scripts of `verify/`.',
    'What psql takes for itself (commands with a backslash, `:variables`, rows below `COPY … FROM stdin`) is passed over; what `\\i` and `\\gexec` run is reported as SQL that is not seen.',
    'A revert script that only begins and ends a transaction, as the template does, is no way back.',
  ],
  rank: 32,
  directories: ['sqitch.plan', 'sqitch', 'db'],
  marks: [{ file: 'sqitch.conf' }],
  wants: (path) => /^(?:.*\/)?(?:(?:deploy|revert|verify)\/.+\.sql|sqitch\.plan)$/.test(path),
  beside: (path) => {
    const other = { deploy: 'revert', revert: 'deploy' }
    const folder = /(?:^|[\\/])(deploy|revert)[\\/](.*)$/.exec(path)
    const own = folder?.[1] === 'deploy' ? 'deploy' : 'revert'
    if (folder?.[2] === undefined) return []
    const up = folder[2]
      .split(/[\\/]/)
      .map(() => '..')
      .join('/')
    return [`${up}/sqitch.plan`, `${up}/${other[own]}/${folder[2]}`, `${up}/verify/${folder[2]}`]
  },
  detect: (files) => (files.some(isPlan) ? 'certain' : 'no'),
  read: (files, options) => {
    const reading = new Reading(tool, options)
    const scripts = new Map(files.map((file) => [file.path, file]))
    for (const plan of files.filter(isPlan)) {
      const top = folderOf(plan.path) === '' ? '' : `${folderOf(plan.path)}/`
      for (const { name, script } of readPlan(plan)) {
        const source = scripts.get(`${top}deploy/${script}.sql`)
        if (source === undefined) continue
        const revert = scripts.get(`${top}revert/${script}.sql`)
        const down = revert === undefined || !doesSomething(revert) ? undefined : sectionOf(revert, options, source)
        reading.add({
          id: script,
          name,
          source,
          up: sectionOf(source, options),
          ...(down === undefined ? {} : { down: { kind: 'sql', section: down } }),
        })
      }
    }
    return reading.result()
  },
  writer: sqitchWriter,
}

function isPlan({ path }: SourceFile): boolean {
  return fileName(path) === 'sqitch.plan'
}

function sectionOf(file: SourceFile, { inTransaction }: LayoutOptions, own: SourceFile = file): Section {
  const mask = new Mask(file)
  maskPsql(mask)
  return mask.section(inTransaction ?? false, own)
}

function doesSomething({ text }: SourceFile): boolean {
  return splitStatements(text).some(({ start, end }) => !/^(?:begin|commit)\b/i.test(text.slice(start, end)))
}
