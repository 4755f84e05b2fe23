import { expect, test } from 'vitest'
import { type ServerSigns, signOfProduction } from '../../src/shadows/url/signs.ts'

const quiet: ServerSigns = {
  host: 'localhost',
  database: 'postgres',
  clusterName: '',
  inRecovery: false,
  replicas: 0,
  sessions: 19,
  hasJournal: false,
}

test.each([
  'db-prod-1.internal',
  'prod',
  'shopprod',
  'production.db',
  'shop_production',
  'live',
  'db.live.example.com',
  'pg-primary-0',
  'PRD',
])('%s sounds like production, as a host, a database or a cluster', (name) => {
  const says = `its name says so ("${name}")`
  expect([
    signOfProduction({ ...quiet, host: name }),
    signOfProduction({ ...quiet, database: name }),
    signOfProduction({ ...quiet, clusterName: name }),
  ]).toEqual([says, says, says])
})

test.each(['products_test', 'olive', 'delivery', 'reproduce', '15/main', 'primarykeys', 'nonproductive'])(
  '%s does not',
  (name) => {
    expect(signOfProduction({ ...quiet, host: name, database: name, clusterName: name })).toBeUndefined()
  },
)

test('what else says that people depend on it', () => {
  expect([
    signOfProduction(quiet),
    signOfProduction({ ...quiet, inRecovery: true }),
    signOfProduction({ ...quiet, replicas: 2 }),
    signOfProduction({ ...quiet, sessions: 20 }),
    signOfProduction({ ...quiet, hasJournal: true }),
  ]).toEqual([
    undefined,
    'it is a replica of another server',
    '2 replicas stream from it',
    '20 sessions of other programs are connected to its server',
    'it has a journal of migrations',
  ])
})
