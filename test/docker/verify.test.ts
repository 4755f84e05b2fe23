import { randomBytes } from 'node:crypto'
import { GenericContainer, Wait } from 'testcontainers'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { eventually } from '../support/child-run.ts'
import { directory, migrate } from '../support/cli.ts'
import { endlessVerify, shortHistory } from '../support/verify-run.ts'
import { dockerode, hasContainer, hasRunning } from './containers.ts'

const extended = `lockstep-test-${randomBytes(4).toString('hex')}:18`
const extension = 'lockstep_example'

/** An image with an extension that no other server here has: postgres:18 with two files more. */
beforeAll(async () => {
  const container = await new GenericContainer('postgres:18')
    .withEntrypoint(['/bin/sh', '-c', 'echo ready; sleep 600'])
    .withWaitStrategy(Wait.forLogMessage('ready'))
    .withAutoCleanup(false)
    .start()
  const places = '/usr/share/postgresql/18/extension /opt/postgresql/share/postgresql/extension'
  const { output } = await container.exec([
    '/bin/sh',
    '-c',
    `for p in ${places}; do test ! -d $p || printf %s $p; done`,
  ])
  await container.copyContentToContainer([
    { target: `${output}/${extension}.control`, content: `default_version = '1.0'\n` },
    { target: `${output}/${extension}--1.0.sql`, content: 'create type shelf_mark as (place text, number int);\n' },
  ])
  const changes = ['ENTRYPOINT ["docker-entrypoint.sh"]', 'CMD ["postgres"]']
  await container.commit({ repo: extended.split(':')[0] ?? '', tag: '18', changes, deleteOnExit: false })
  await container.stop()
})
afterAll(async () => {
  await (await dockerode()).getImage(extended).remove({ force: true })
})

const files = {
  'migrations/20260101000000_shelves.sql': `-- migrate:up
create extension ${extension};
create table shelves (id bigint primary key, mark shelf_mark);

-- migrate:down
drop table shelves;
drop extension ${extension};
`,
}

test('an extension that local servers lack: the image that the configuration names is taken, and that is said', async () => {
  const config = { target: 18, shadow: { image: extended } }
  const cwd = await directory({ ...files, 'migrate.config.json': JSON.stringify(config) })
  const { code, stdout } = await migrate(['verify', '--json'], { cwd })
  expect([code, JSON.parse(stdout)]).toMatchObject([
    0,
    {
      shadow: expect.stringMatching(new RegExp(`^PostgreSQL 18\\.\\d+ in a container \\(${extended}\\)$`)),
      passedOver: [
        expect.stringMatching(new RegExp(`^local: local PostgreSQL 18\\.\\d+ has no extension ${extension}`)),
      ],
      hides: [expect.stringContaining(`a superuser, ${extension} 1.0`)],
    },
  ])
})

test('where no server has it, all that were tried are named and what can be done', async () => {
  const cwd = await directory({ ...files, 'migrate.config.json': JSON.stringify({ target: 18 }) })
  const { code, stderr } = await migrate(['verify'], { cwd })
  expect([code, stderr]).toEqual([6, expect.stringMatching(/testcontainers: .*has no extension.*pglite: /s)])
  expect(stderr).toContain('shadow.image')
})

describe('no container is left', () => {
  /** SIGINT and SIGTERM also before the server answers; what SIGKILL leaves before it runs, the next run removes. */
  test.each([
    ['SIGINT', 'is created', hasContainer],
    ['SIGINT', 'runs', hasRunning],
    ['SIGTERM', 'runs', hasRunning],
    ['SIGKILL', 'runs', hasRunning],
  ] as const)('%s when it %s', async (signal, _, isThere) => {
    const run = await endlessVerify(['--shadow', 'testcontainers', '--target', '18'])
    onTestFinished(() => run.signal('SIGKILL'))
    await eventually(
      () => isThere(run.pid),
      (there) => there,
    )
    run.signal(signal)
    const { code } = await run.ended
    await expect.poll(() => hasContainer(run.pid), { timeout: 20_000 }).toBe(false)
    expect(code).toBe({ SIGINT: 130, SIGTERM: 143, SIGKILL: null }[signal])
  })
})

test('a migration is verified in a container of the target’s version', async () => {
  const cwd = await directory(shortHistory)
  const { code, stdout } = await migrate(['verify', '--shadow', 'testcontainers', '--target', '16'], { cwd })
  expect([code, stdout]).toEqual([0, expect.stringMatching(/PostgreSQL 16\.\d+ in a container\s+\(postgres:16\)/)])
})
