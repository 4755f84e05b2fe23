import type { ValueKind } from './kind.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000
const first = Date.UTC(2026, 0, 1)

const unusualTimes: Readonly<Record<string, readonly string[]>> = {
  date: ['1970-01-01', '2024-02-29', '9999-12-31', '0001-01-01', '4713-01-01 BC', 'infinity', '-infinity'],
  timestamp: ['1970-01-01 00:00:00', '2026-03-29 02:30:00', '9999-12-31 23:59:59.999999', 'infinity', '-infinity'],
  timestamptz: [
    '1970-01-01 00:00:00+00',
    '2026-03-29 02:30:00+14',
    '2026-10-25 02:30:00-12',
    '9999-12-31 23:59:59.999999+00',
    'infinity',
    '-infinity',
  ],
  time: ['00:00:00', '23:59:59.999999', '24:00:00'],
  timetz: ['00:00:00+15', '23:59:59.999999-15'],
  interval: ['0', '-1 day', '1 mon -1 day 00:00:00.000001', '1000 years'],
}

/** Days, times and spans with the ends of the calendar, leap days, time zones and infinity. */
export const times: ValueKind = {
  fits: ({ category }) => category === 'D' || category === 'T',
  unusual: ({ base }) => unusualTimes[base] ?? [],
  ordinary({ base }, index) {
    if (base === 'interval') return `${index} hours`
    const moment = new Date(first + index * (base === 'date' ? dayMs : hourMs)).toISOString()
    const micros = String((index * 7919) % 1_000_000).padStart(6, '0')
    if (base === 'date') return moment.slice(0, 10)
    const time = `${moment.slice(11, 19)}.${micros}`
    if (base === 'time') return time
    if (base === 'timetz') return `${time}+00`
    return `${moment.slice(0, 10)} ${time}${base === 'timestamptz' ? '+00' : ''}`
  },
}
