import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { connect } from '../../src/db/connect.ts'
import { ownerName } from '../../src/shadows/owner.ts'
import type { ShadowServer } from '../../src/shadows/shadow.ts'
import { startShadow } from '../../src/shadows/start.ts'
import { testcontainers } from '../../src/shadows/testcontainers.ts'
import { ownerLabel } from '../../src/shadows/testcontainers/leftovers.ts'
import { containerOptions, dockerode, hasContainer, owners, volumes } from './containers.ts'

async function started(more: Parameters<typeof containerOptions>[0] = {}): Promise<ShadowServer> {
  const server = await testcontainers.start(containerOptions(more))
  onTestFinished(() => server.stop())
  return server
}

test.each([16, 18])(
  'a server of PostgreSQL %i, whose databases are separate, and of which nothing is left',
  async (major) => {
    const before = await volumes()
    const server = await started({ major })
    const [one, other] = [await server.createDatabase(), await server.createDatabase()]
    const connections = [await one.connect(), await other.connect()]
    await connections[0]?.run('create table t (); create extension pg_trgm')
    const { rows } =
      (await connections[1]?.query(`select to_regclass('t')::text as t, current_setting('fsync') as fsync`)) ?? {}
    const during = await hasContainer(process.pid)
    for (const connection of connections) await connection.close()
    await one.drop()
    await server.stop()
    expect({
      description: server.description,
      sessions: server.sessions,
      major: Math.floor(server.facts.versionNumber / 10_000),
      rows,
      during,
      after: await hasContainer(process.pid),
      volumes: await volumes(),
    }).toEqual({
      description: expect.stringMatching(
        new RegExp(`^PostgreSQL ${major}\\.\\d+ in a container \\(postgres:${major}\\)$`),
      ),
      sessions: 'many',
      major,
      rows: [{ t: null, fsync: 'off' }],
      during: true,
      after: false,
      volumes: before,
    })
  },
)

test('a container does not keep its process alive, and goes with it', async () => {
  const script = join(import.meta.dirname, 'own-process.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const said = new Promise<string>((resolve) => child.stdout.setEncoding('utf8').once('data', resolve))
  const ended = new Promise((resolve) => child.on('close', resolve))
  expect([await said, await ended]).toEqual(['started\n', 0])
  await expect.poll(() => hasContainer(child.pid ?? 0), { timeout: 20_000 }).toBe(false)
})

test('an image that cannot be had is no server: why is said, and that it was tried', async () => {
  const told: string[] = []
  const image = 'registry.invalid/postgres:18'
  const starting = testcontainers.start(containerOptions({ image, onProgress: (text) => told.push(text) }))
  await expect(starting).rejects.toMatchObject({
    code: 'shadow-unavailable',
    message: expect.stringContaining(`No server starts in a container of ${image}: `),
  })
  expect(told[0]).toBe(`downloading the image ${image}`)
})

test('an image of another version, or without the extension, is passed over and its container removed', async () => {
  expect(await testcontainers.available(containerOptions({ image: 'postgis/postgis:16-3.4' }))).toEqual({
    available: false,
    reason: 'the image postgis/postgis:16-3.4 is not PostgreSQL 18',
  })
  const wanted = containerOptions({ extensions: ['pg_trgm', 'nobody_has_this'] })
  await expect(startShadow([testcontainers], wanted)).rejects.toMatchObject({
    code: 'shadow-unavailable',
    details: expect.stringMatching(
      /^testcontainers: PostgreSQL 18\.\d+ in a container \(postgres:18\) has no extension nobody_has_this$/,
    ),
  })
  expect(await hasContainer(process.pid)).toBe(false)
})

test('an engine that does not answer is not waited for', async () => {
  const { engineAddress } = await import('../../src/shadows/testcontainers/engine.ts')
  const elsewhere = { DOCKER_HOST: 'tcp://127.0.0.1:1', XDG_RUNTIME_DIR: '/nowhere' }
  expect([await engineAddress(), (await engineAddress(elsewhere))?.includes('127.0.0.1:1') ?? false]).toEqual([
    expect.stringMatching(/^(?:unix|tcp|npipe):/),
    false,
  ])
})

test('containers that a killed process has created are removed by the next run; those of others are not', async () => {
  const docker = await dockerode()
  const [host, namespace] = ownerName().split(' ')
  const gone = [host, namespace, spawnSync(process.execPath, ['--version']).pid, '1'].join(' ')
  const elsewhere = gone.replace(/^\S+/, 'elsewhere')
  for (const owner of [gone, elsewhere, ownerName()]) {
    const container = await docker.createContainer({ Image: 'postgres:18', Labels: { [ownerLabel]: owner } })
    onTestFinished(() => container.remove({ force: true, v: true }).catch(() => undefined))
  }
  const server = await started()
  await server.stop()
  expect((await owners()).toSorted()).toEqual([elsewhere, ownerName()].toSorted())
})

test('the address is that which the environment of testcontainers names, and Ryuk is not started', async () => {
  const server = await started()
  const { url = '' } = await server.createDatabase()
  const images = (await (await dockerode()).listContainers()).map(({ Image }) => Image)
  const named = process.env['TESTCONTAINERS_HOST_OVERRIDE']
  expect(images.filter((image) => image.includes('ryuk'))).toEqual([])
  expect(named === undefined || new URL(url).hostname === named).toBe(true)
  await (await connect(url)).close()
})
