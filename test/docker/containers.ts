import { type ContainerRuntimeClient, getContainerRuntimeClient } from 'testcontainers'
import type { ShadowOptions } from '../../src/shadows/shadow.ts'
import { ownerLabel } from '../../src/shadows/testcontainers/leftovers.ts'
import { shadowOptions } from '../support/shadow.ts'

/** Options for a server in a container of this major version. */
export function containerOptions(more: Partial<ShadowOptions> = {}): ShadowOptions {
  return { ...shadowOptions, major: 18, ...more }
}

/** Owners of all containers that are there, in whatever state. */
export async function owners(): Promise<readonly string[]> {
  const found = await (await dockerode()).listContainers({ all: true, filters: { label: [ownerLabel] } })
  return found.map(({ Labels }) => Labels[ownerLabel] ?? '')
}

/** Whether a process with this number has a container. */
export async function hasContainer(pid: number): Promise<boolean> {
  return (await owners()).some((owner) => owner.split(' ')[2] === String(pid))
}

/** Whether it has one that runs. */
export async function hasRunning(pid: number): Promise<boolean> {
  const found = await (await dockerode()).listContainers({ filters: { label: [ownerLabel] } })
  return found.some(({ Labels }) => Labels[ownerLabel]?.split(' ')[2] === String(pid))
}

/** Names of the volumes that are there. */
export async function volumes(): Promise<readonly string[]> {
  const { Volumes } = await (await dockerode()).listVolumes()
  return Volumes.map(({ Name }) => Name)
}

export async function dockerode(): Promise<ContainerRuntimeClient['container']['dockerode']> {
  return (await getContainerRuntimeClient()).container.dockerode
}
