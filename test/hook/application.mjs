// An application that captures what it sends: node application.mjs FILE HOW
import pg from 'pg'
import { captureQueries } from '../../dist/hook/capture-queries.js'

const [file, how] = process.argv.slice(2)
const capture = captureQueries({ file, release: '2026.11.1' })
const pool = capture.pg(new pg.Pool({ connectionString: process.env['APPLICATION_URL'] }))
await pool.query('select $1::int as of_everybody', [1])
await pool.query(`select $1::text as ${how}`, ['x'])
if (how === 'wait') {
  process.stdout.write('ready')
  setInterval(() => undefined, 1000)
} else if (how === 'exit') process.exit(3)
else await pool.end()
