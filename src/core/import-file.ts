/**
 * Imports a module by its address, whose words are for whoever asked to check. By itself, because only what Node has
 * loaded itself may do so: the build leaves this file to it (`src/cli/start/load-kept.ts`).
 */
export function importFile(address: string): Promise<unknown> {
  return import(address)
}
