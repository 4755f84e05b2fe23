import { parentPort } from 'node:worker_threads'
import { readAhead } from '../app/read-ahead/thread.ts'

if (parentPort !== null) void readAhead(parentPort)
