import type { SetSetting } from '../model/fact.ts'

/** The statement sets what a server has anyway unless its configuration says otherwise: no timeout, bare names in `public`. */
export function isServerDefault({ setting, value, milliseconds }: SetSetting): boolean {
  if (setting === 'search_path') return value === 'public' || value === '$user, public' || value === '"$user", public'
  return milliseconds === 0
}
