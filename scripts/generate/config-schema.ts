import { configSchema } from '../../src/app/config.ts'
import type { Output } from './output.ts'

/** `docs/config.schema.json`: with it, editors complete and check `migrate.config.json`. */
export function configSchemaFile(): Output {
  return { path: 'docs/config.schema.json', text: `${JSON.stringify(configSchema(), null, 2)}\n` }
}
