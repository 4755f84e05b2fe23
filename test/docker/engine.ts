import { engineAddress } from '../../src/shadows/testcontainers/engine.ts'

/** No test of containers may pass for want of an engine. */
export async function setup(): Promise<void> {
  if ((await engineAddress()) !== undefined) return
  throw new Error(
    'No container engine answers. Start Docker or Podman, set DOCKER_HOST, or run .ci/docker/tests as root on Debian, which starts one of its own.',
  )
}
