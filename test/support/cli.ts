import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const bin = fileURLToPath(new URL('../../bin/migrate.js', import.meta.url))

export interface CliResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CliOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
}

/** Runs the built command line as a user would: a process of its own, no terminal, no database in the environment. */
export function migrate(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return startMigrate(args, options).ended
}

/** A command line that is running. */
export interface CliRun {
  /** What it has said so far. */
  said(): { readonly stdout: string; readonly stderr: string }
  signal(name: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void
  readonly pid: number
  readonly ended: Promise<CliResult>
}

/** The same, for tests that do something while it runs. */
export function startMigrate(args: readonly string[], options: CliOptions): CliRun {
  const child = spawn(process.execPath, [bin, ...args], { cwd: options.cwd, env: cleanEnv(options.env ?? {}) })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text))
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...output }))
  })
  child.stdin.end(options.stdin ?? '')
  return { ended, said: () => ({ ...output }), signal: (name) => void child.kill(name), pid: child.pid ?? 0 }
}

/** A temporary directory with these files, removed when the test ends. */
export async function directory(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'migrate-test-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  for (const [path, contents] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), contents)
  }
  return root
}

function cleanEnv(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(PG|DATABASE_URL|NO_COLOR|FORCE_COLOR|MIGRATE_)/.test(name),
  )
  return { ...Object.fromEntries(kept), ...extra }
}
