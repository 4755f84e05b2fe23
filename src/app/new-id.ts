/** Milliseconds since the epoch of an id that is a time; 0 for other ids. */
function timeOfId(id: string): number {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(id)
  if (parts === null) return 0
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number)
  const time = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second)
  return Number.isNaN(time) ? 0 : time
}

/** The time that the id of a new migration is made of: `now`, or just after the newest of `ids` where that is later. */
export function timeForNew(ids: readonly string[], now: Date): Date {
  const newest = ids.map(timeOfId).reduce((latest, time) => Math.max(latest, time), 0)
  return new Date(Math.max(now.getTime(), newest + 1000))
}
