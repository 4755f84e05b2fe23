import { Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { GenericContainer, type ContainerRuntimeClient, type WaitStrategy } from 'testcontainers'
import { ownerName } from '../owner.ts'
import { ownerLabel } from './leftovers.ts'

/** A container that lives as long as our process, and no longer. */
export interface WatchedContainer {
  readonly host: string
  readonly port: number
  /** The last that it wrote when it ended by itself; undefined while it runs. */
  failure(): string | undefined
  /** Ends it; resolves when it is removed. */
  stop(): Promise<void>
}

export interface ContainerOptions {
  readonly image: string
  /** Program and arguments that the watch starts. */
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

const postgresPort = 5432
/** Docker gives 64 MiB, which a parallel build of an index may need more than. */
const sharedMemoryBytes = 256 * 1024 ** 2
const removalTimeoutMs = 10_000
const keptOutput = 2000

/**
 * Runs in the container, as its first process: when standard input closes, which it does when we end and however we do
 * (kill -9 included), it ends, and everything in the container with it. Then the engine removes the container.
 */
const watch = `
trap 'exit 0' TERM
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
{ read -r _; kill -TERM $$; } <&3 &
exec 3<&-
wait "$server"
`

/** Creates and starts it. Ryuk, the container of testcontainers that removes others, is not needed and not started. */
export async function startContainer(
  client: ContainerRuntimeClient,
  { image, command, environment }: ContainerOptions,
): Promise<WatchedContainer> {
  const container = new Container(image, client)
    .withEntrypoint(['/bin/sh', '-c', watch, 'sh'])
    .withCommand([...command])
    .withEnvironment(environment)
    .withLabels({ [ownerLabel]: ownerName() })
    .withTmpFs({ [scratchDirectory]: 'rw,mode=1777' })
    .withSharedMemorySize(sharedMemoryBytes)
    .withExposedPorts(postgresPort)
    .withWaitStrategy(noWait)
    .withAutoCleanup(false)
  try {
    const started = await container.start()
    const address = { host: started.getHost(), port: started.getMappedPort(postgresPort) }
    return { ...address, failure: () => container.failure(), stop: () => container.end() }
  } catch (error) {
    await container.end()
    const failure = container.failure()
    throw failure === undefined ? error : new Error(failure, { cause: error })
  }
}

/** Where a container has room in memory. */
export const scratchDirectory = '/shadow'

class Container extends GenericContainer {
  readonly #client: ContainerRuntimeClient
  #id: string | undefined
  #input: NodeJS.ReadWriteStream | undefined
  #output = ''
  #ended = false

  constructor(image: string, client: ContainerRuntimeClient) {
    super(image)
    this.#client = client
    Object.assign(this.createOpts, { OpenStdin: true, StdinOnce: true, AttachStdin: true })
    this.hostConfig.AutoRemove = true
  }

  protected override async containerCreated(id: string): Promise<void> {
    this.#id = id
    const input = await this.#client.container
      .getById(id)
      .attach({ stream: true, hijack: true, stdin: true, stdout: true, stderr: true })
    // A server that nobody stopped must not keep our process alive; when that ends, the server does.
    if (input instanceof Socket) input.unref()
    const output = new PassThrough()
    output.setEncoding('utf8').on('data', (text: string) => (this.#output = (this.#output + text).slice(-keptOutput)))
    this.#client.container.dockerode.modem.demuxStream(input, output, output)
    input.on('error', () => (this.#ended = true)).on('end', () => (this.#ended = true))
    this.#input = input
  }

  failure(): string | undefined {
    if (!this.#ended) return undefined
    return this.#output.trim() === '' ? 'the container ended' : this.#output.trim()
  }

  async end(): Promise<void> {
    if (this.#id === undefined) return
    const container = this.#client.container.getById(this.#id)
    const removed = container.wait({ condition: 'removed' }).catch(() => undefined)
    this.#input?.end()
    if (await within(removed, removalTimeoutMs)) return
    await container.remove({ force: true, v: true }).catch(() => undefined)
  }
}

/** Whether it was done in time. */
async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), ms)))
  return Promise.race([work.then(() => true), late]).finally(() => clearTimeout(timer))
}

/** When a server answers is found out by asking it. */
const noWait: WaitStrategy = {
  waitUntilReady: () => Promise.resolve(),
  withStartupTimeout: () => noWait,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => removalTimeoutMs,
}
