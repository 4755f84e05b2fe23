import { chmod, chown, copyFile, stat, writeFile } from 'node:fs/promises'
import { type Socket, connect as connectSocket, createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ToolkitError } from '../../src/core/errors.ts'
import { connect } from '../../src/db/connect.ts'
import { makeAuthority, makeCertificate } from '../support/certificates.ts'
import { directory, migrate } from '../support/cli.ts'
import { ownServer } from '../support/own-server.ts'

const rules = `
local all postgres trust
hostssl all certified all cert
hostssl all guarded all scram-sha-256
hostnossl all plain all trust
`

interface TlsServer {
  /** Where certificates are. */
  readonly folder: string
  /** Its own certificate is for `localhost` alone; this port leads to it by every name of this machine. */
  readonly port: number
}

/** A server with TLS. Its own port cannot be chosen, so it gets an address of its own, and a port before it. */
async function tlsServer(): Promise<TlsServer> {
  const folder = await directory({})
  await makeAuthority(folder, 'right')
  await makeAuthority(folder, 'wrong')
  await makeCertificate(folder, { name: 'server', authority: 'right', subject: 'server', host: 'DNS:localhost' })
  await makeCertificate(folder, { name: 'client', authority: 'right', subject: 'certified' })
  const address = `127.${process.pid % 200}.${Math.floor(Math.random() * 250)}.7`
  const server = await ownServer(async (data) => {
    const { uid, gid } = await stat(data)
    for (const name of ['server.crt', 'server.key', 'right.crt']) {
      await copyFile(join(folder, name), join(data, name))
      await chown(join(data, name), uid, gid)
      await chmod(join(data, name), 0o600)
    }
    await writeFile(join(data, 'pg_hba.conf'), rules)
    return [`listen_addresses=${address}`, 'ssl=on', 'ssl_ca_file=right.crt']
  })
  await server.run(`create role certified login; create role plain login; create role guarded login password 'right'`)
  return { folder, port: await portBefore(address) }
}

async function portBefore(address: string): Promise<number> {
  const open = new Set<Socket>()
  const front = createServer((client) => {
    open.add(client)
    const server = connectSocket(5432, address)
    client.on('error', () => server.destroy()).pipe(server)
    server.on('error', () => client.destroy()).pipe(client)
  })
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of open) socket.destroy()
    front.close()
  })
  const found = front.address()
  if (found === null || typeof found === 'string') throw new Error('no port')
  return found.port
}

/** How opening ended: the code of the error, or whether the session is encrypted. */
async function opened(url: string): Promise<string> {
  try {
    const connection = await connect(url)
    const { rows } = await connection.query<{ ssl: boolean }>(
      'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
    )
    await connection.close()
    return rows[0]?.ssl === true ? 'encrypted' : 'in clear'
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error
    return `${error.code}, exit ${error.exitCode}`
  }
}

test('sslmode means what it means to libpq', { timeout: 120_000 }, async () => {
  const { folder, port } = await tlsServer()
  vi.stubEnv('HOME', folder)
  onTestFinished(() => void vi.unstubAllEnvs())
  const at = (query: string, { host = 'localhost', user = 'guarded:right' } = {}): string =>
    `postgres://${user}@${host}:${port}/postgres?${query}`
  const ca = (name: string): string => `sslrootcert=${encodeURIComponent(join(folder, `${name}.crt`))}`
  const ip = { host: '127.0.0.1' }
  const refused = 'certificate-refused, exit 7'
  const found = Object.fromEntries(
    await Promise.all(
      (
        [
          ['nothing, where clear is taken', at('', { user: 'plain' })],
          ['nothing, where it is not', at('')],
          ['disable', at('sslmode=disable', { user: 'plain' })],
          ['prefer', at('sslmode=prefer')],
          ['require', at('sslmode=require')],
          ['require, by another name', at('sslmode=require', ip)],
          ['require, right authority', at(`sslmode=require&${ca('right')}`, ip)],
          ['require, wrong authority', at(`sslmode=require&${ca('wrong')}`)],
          ['verify-ca, right authority, another name', at(`sslmode=verify-ca&${ca('right')}`, ip)],
          ['verify-ca, wrong authority', at(`sslmode=verify-ca&${ca('wrong')}`)],
          ['verify-ca, no authority', at('sslmode=verify-ca')],
          ['verify-full, right authority, right name', at(`sslmode=verify-full&${ca('right')}`)],
          ['verify-full, right authority, another name', at(`sslmode=verify-full&${ca('right')}`, ip)],
          ['verify-full, wrong authority', at(`sslmode=verify-full&${ca('wrong')}`)],
          ['verify-full, authorities of the system', at('sslmode=verify-full')],
          ['an authority and no mode, another name', at(ca('right'), ip)],
          ['a mode that there is not', at('sslmode=verify_full')],
          ['require, authorities of the system', at('sslmode=require&sslrootcert=system')],
          ['a file that is not there', at('sslmode=verify-full&sslrootcert=/nowhere.crt')],
        ] as const
      ).map(async ([title, url]) => [title, await opened(url)] as const),
    ),
  )
  expect(found).toEqual({
    'nothing, where clear is taken': 'in clear',
    'nothing, where it is not': 'authentication-failed, exit 6',
    disable: 'in clear',
    prefer: 'encrypted',
    require: 'encrypted',
    'require, by another name': 'encrypted',
    'require, right authority': 'encrypted',
    'require, wrong authority': refused,
    'verify-ca, right authority, another name': 'encrypted',
    'verify-ca, wrong authority': refused,
    'verify-ca, no authority': 'url-invalid, exit 2',
    'verify-full, right authority, right name': 'encrypted',
    'verify-full, right authority, another name': refused,
    'verify-full, wrong authority': refused,
    'verify-full, authorities of the system': refused,
    'an authority and no mode, another name': refused,
    'a mode that there is not': 'url-invalid, exit 2',
    'require, authorities of the system': 'url-invalid, exit 2',
    'a file that is not there': 'file-unreadable, exit 2',
  })
  const cwd = await directory({ 'migrations/1_a.sql': '-- migrate:up\nselect 1;\n-- migrate:down\nselect 1;\n' })
  const said = await migrate(['status', '--url', at(`sslmode=verify-full&${ca('right')}`, ip)], { cwd })
  expect([said.code, said.stderr.replaceAll(/\s+/g, ' ')]).toEqual([
    7,
    expect.stringMatching(/certificate-refused .* 127\.0\.0\.1 .*Connect by a name that the certificate is for/),
  ])
  // The same from the environment.
  vi.stubEnv('PGSSLMODE', 'verify-full')
  vi.stubEnv('PGSSLROOTCERT', join(folder, 'right.crt'))
  expect([await opened(at('')), await opened(at('', ip))]).toEqual(['encrypted', refused])
})

test(
  'a certificate of the client opens a session without a password; a key that others may read is refused',
  { timeout: 120_000 },
  async () => {
    const { folder, port } = await tlsServer()
    const own = `sslcert=${encodeURIComponent(join(folder, 'client.crt'))}&sslkey=${encodeURIComponent(join(folder, 'client.key'))}`
    const url = (query: string): string =>
      `postgres://certified@localhost:${port}/postgres?sslmode=verify-full&sslrootcert=${encodeURIComponent(join(folder, 'right.crt'))}${query}`
    await chmod(join(folder, 'client.key'), 0o600)
    expect(await opened(url(`&${own}`))).toBe('encrypted')
    expect(await opened(url(''))).toBe('authentication-failed, exit 6')
    await chmod(join(folder, 'client.key'), 0o644)
    expect(await opened(url(`&${own}`))).toBe('secret-exposed, exit 2')
  },
)
