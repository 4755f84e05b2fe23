import { sqitchChangeIds } from './hashes/sqitch-change-ids.ts'
import { hashOf } from './hashes/sha.ts'
import type { ToolJournal } from './journal.ts'
import { edited, inTextOrderOf, matched } from './reading/match.ts'

export const sqitch: ToolJournal = {
  id: 'sqitch',
  title: 'sqitch: sqitch.changes',
  layout: 'sqitch',
  tables: [
    { schema: 'sqitch', name: 'changes', columns: ['change_id', 'script_hash', 'change', 'project', 'committed_at'] },
  ],
  checks: 'the id of each change (SHA-1 over its line of the plan and its parent) and the SHA-1 of its deploy script',
  notes: ['One project. A change that failed is not in the table; what its script left is found by `migrate drift`.'],
  read: ({ rows, files, sources }) => {
    const plan = sources.find(({ path }) => path.endsWith('sqitch.plan'))
    const planned = new Map(sqitchChangeIds(plan?.text ?? '').map(({ id, script }) => [script, id]))
    const changes = inTextOrderOf('committed_at', rows['changes'] ?? [])
    const projects = [...new Set(changes.map(({ project }) => project ?? ''))]
    const reading = matched({
      rows: changes,
      files,
      ofRow: (row) => [...planned].find(([, id]) => id === row['change_id'])?.[0] ?? row['change'] ?? '',
      ofFile: ({ id }) => id,
      at: 'committed_at',
      differs: (row, file) => {
        if (planned.get(file.id) !== row['change_id'])
          return `${file.id} is another change in the plan: its id differs.`
        const isSame = row['script_hash'] === null || row['script_hash'] === hashOf('sha1', file.bytes)
        return isSame ? undefined : edited(file.id, 'script hash (SHA-1)')
      },
    })
    const several =
      projects.length > 1 ? [`There are changes of ${projects.length} projects: ${projects.join(', ')}.`] : []
    return { ...reading, refused: [...several, ...reading.refused] }
  },
}
