import type { ContainerRuntimeClient } from 'testcontainers'
import { isGone } from '../owner.ts'

/** Holds the name of the process that a container is for. */
export const ownerLabel = 'lockstep.owner'

/** Removes containers of processes that were killed before their container was watched. Those of living ones stay. */
export async function sweepContainers({ container }: ContainerRuntimeClient): Promise<void> {
  const found = await container.dockerode.listContainers({ all: true, filters: { label: [ownerLabel] } })
  for (const { Id, Labels } of found) {
    if (!isGone(Labels[ownerLabel] ?? '')) continue
    await container
      .getById(Id)
      .remove({ force: true, v: true })
      .catch(() => undefined)
  }
}
