import { createInterface } from 'node:readline'
import { type ContainerRuntimeClient, ImageName } from 'testcontainers'
import { messageOf } from '../../core/errors.ts'
import { parseJson, textField } from '../../core/json.ts'
import type { ShadowOptions } from '../shadow.ts'

/** What a container is started with, that the image says. */
export interface ImageFacts {
  readonly entrypoint: readonly string[]
  readonly command: readonly string[]
}

/**
 * Says what the image holds; downloads it where it is not there, and tells how far that is.
 *
 * @throws Error when it cannot be had
 */
export async function readImage(
  client: ContainerRuntimeClient,
  image: string,
  { onProgress, signal }: ShadowOptions,
): Promise<ImageFacts> {
  if (!(await isThere(client, image))) {
    onProgress?.(`downloading the image ${image}`)
    await download(client, image, { onProgress: onProgress ?? (() => undefined), signal })
  }
  const { Config } = await client.container.dockerode.getImage(image).inspect()
  return { entrypoint: words(Config.Entrypoint), command: words(Config.Cmd) }
}

async function isThere({ container }: ContainerRuntimeClient, image: string): Promise<boolean> {
  return container.dockerode
    .getImage(image)
    .inspect()
    .then(() => true)
    .catch((error: unknown) => {
      if (/no such image/i.test(messageOf(error))) return false
      throw error
    })
}

interface Download {
  readonly onProgress: (text: string) => void
  readonly signal: AbortSignal | undefined
}

async function download(client: ContainerRuntimeClient, image: string, how: Download): Promise<void> {
  try {
    await pull(client, image, how)
  } catch (error) {
    // Registries that want a login: testcontainers knows where Docker keeps it, and tells nothing on the way.
    if (!/unauthorized|denied|authentication/i.test(messageOf(error))) throw error
    await client.image.pull(ImageName.fromString(image))
  }
  if (!(await isThere(client, image))) throw new Error(`the image ${image} cannot be downloaded`)
}

async function pull(
  { container }: ContainerRuntimeClient,
  image: string,
  { onProgress, signal }: Download,
): Promise<void> {
  const stream = await container.dockerode.pull(image, signal === undefined ? {} : { abortSignal: signal })
  const layers = new Map<string, { readonly done: number; readonly all: number }>()
  for await (const line of createInterface({ input: stream })) {
    const answer = parseJson(line)
    const complaint = textField(answer, 'error')
    if (complaint !== undefined) throw new Error(complaint)
    const id = textField(answer, 'id')
    const size = sizeOf(answer)
    if (id === undefined || size === undefined || textField(answer, 'status') !== 'Downloading') continue
    layers.set(id, size)
    onProgress(`downloading the image ${image}: ${progress([...layers.values()])}`)
  }
}

function sizeOf(answer: unknown): { readonly done: number; readonly all: number } | undefined {
  if (typeof answer !== 'object' || answer === null || !('progressDetail' in answer)) return undefined
  const { progressDetail: detail } = answer
  if (typeof detail !== 'object' || detail === null || !('current' in detail) || !('total' in detail)) return undefined
  const { current, total } = detail
  return typeof current === 'number' && typeof total === 'number' ? { done: current, all: total } : undefined
}

function progress(layers: readonly { readonly done: number; readonly all: number }[]): string {
  const megabytes = (part: 'done' | 'all'): string =>
    String(Math.round(layers.reduce((sum, layer) => sum + layer[part], 0) / 1e6))
  return `${megabytes('done')} of ${megabytes('all')} MB`
}

function words(written: string | readonly string[] | undefined | null): readonly string[] {
  if (written === undefined || written === null) return []
  return typeof written === 'string' ? [written] : written
}
