/** What is seen of a server and of the database that was named. */
export interface ServerSigns {
  readonly host: string
  readonly database: string
  /** `cluster_name`; empty where it is not set. */
  readonly clusterName: string
  /** It is a replica itself. */
  readonly inRecovery: boolean
  /** Connections that stream from it. */
  readonly replicas: number
  /** Sessions of others. */
  readonly sessions: number
  readonly hasJournal: boolean
}

/** Two processes of an application with a pool of ten each; a server for tests has a handful. */
const manySessions = 20

/** Why a server looks as if people depended on it; undefined where nothing says so. */
export function signOfProduction(signs: ServerSigns): string | undefined {
  const { host, database, clusterName, inRecovery, replicas, sessions, hasJournal } = signs
  const name = nameOfProduction([host, database, clusterName])
  if (name !== undefined) return name
  if (inRecovery) return 'it is a replica of another server'
  if (replicas > 0) return `${replicas} ${replicas === 1 ? 'replica streams' : 'replicas stream'} from it`
  if (sessions >= manySessions) return `${sessions} sessions of other programs are connected to its server`
  if (hasJournal) return 'it has a journal of migrations'
  return undefined
}

/** The same, by names alone: enough to stay away without connecting. */
export function nameOfProduction(names: readonly string[]): string | undefined {
  const name = names.find(soundsLikeProduction)
  return name === undefined ? undefined : `its name says so ("${name}")`
}

/** Words count, not letters: `shop-prod-1`, `shopprod` and `live.db` do, `products` and `olive` do not. */
function soundsLikeProduction(name: string): boolean {
  const words = name.toLowerCase().split(/[^a-z]+/)
  return words.some((word) => /prod$|production$|^prd$|^live$|^primary$/.test(word))
}
