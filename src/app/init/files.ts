import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { configFiles } from '../load-config.ts'
import type { Project } from './project.ts'

/** A file that a project may lack. */
export interface ProjectFile {
  /** Relative to the project, or from the start of the file system. */
  readonly path: string
  readonly text: string
  readonly executable?: boolean
  /** What to add to the file by hand where it is there already. */
  readonly orAdd?: string
}

/** The files that a project needs, in the order in which they are told. */
export function projectFiles(project: Project, layout: string | undefined): readonly ProjectFile[] {
  return [configFile(project, layout), ...directoryFile(project), ...jobFile(project), ...hookFile(project)]
}

function configFile({ root, directory }: Project, layout: string | undefined): ProjectFile {
  const there = configFiles.find((name) => existsSync(join(root, name)))
  const schema = 'node_modules/lockstep/docs/config.schema.json'
  const config = {
    ...(existsSync(join(root, schema)) ? { $schema: `./${schema}` } : {}),
    dir: directory,
    ...(layout === undefined ? {} : { layout }),
  }
  return { path: there ?? 'migrate.config.json', text: `${JSON.stringify(config, null, 2)}\n` }
}

/** git keeps no empty directory. */
function directoryFile({ root, directory }: Project): readonly ProjectFile[] {
  return existsSync(join(root, directory)) ? [] : [{ path: join(directory, '.gitkeep'), text: '' }]
}

function jobFile(project: Project): readonly ProjectFile[] {
  if (project.ci === 'github') return [{ path: '.github/workflows/migrations.yml', text: githubJob(project) }]
  if (project.ci === undefined) return []
  const path = hasOtherJobs(project) ? '.gitlab/migrations.yml' : '.gitlab-ci.yml'
  return [{ path, text: gitlabJob(project) }]
}

/** Whether GitLab's one file holds jobs, and not ours. */
function hasOtherJobs({ root }: Project): boolean {
  const path = join(root, '.gitlab-ci.yml')
  return existsSync(path) && !readFileSync(path, 'utf8').includes('migrate lint')
}

/** Both jobs fetch the whole history: lint needs the commit at which the branch left its base. */
function githubJob({ packages, directory, native }: Project): string {
  const { run, install } = packages
  return `name: migrations
on:
  pull_request:
    paths: ['${directory}/**', 'migrate.config.*', '.github/workflows/migrations.yml']
permissions:
  contents: read
jobs:
  migrations:
    runs-on: ubuntu-latest
    services:
      postgres:
        image: postgres:18
        env: { POSTGRES_PASSWORD: scratch }
        ports: ['5432:5432']
        options: --health-cmd pg_isready --health-interval 2s --health-retries 30
    steps:
      - uses: actions/checkout@v5
        with: { fetch-depth: 0 }
      - uses: actions/setup-node@v5
        with: { node-version: 22 }
      - run: ${install}
      - run: |
          ${run} migrate lint --changed --base "origin/$GITHUB_BASE_REF" \\
            --format github --format markdown --output lint.md
      - if: always()
        run: if [ -f lint.md ]; then cat lint.md >> "$GITHUB_STEP_SUMMARY"; fi
      - run: ${run} migrate verify${native ? ' --check' : ''} --shadow-url postgres://postgres:scratch@localhost/postgres
`
}

function gitlabJob({ packages, directory, native }: Project): string {
  const { run, install } = packages
  return `migrations:
  image: node:22
  services: ['postgres:18']
  variables: { GIT_DEPTH: 0, POSTGRES_PASSWORD: scratch }
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
      changes: ['${directory}/**/*', 'migrate.config.*']
  script:
    - ${install}
    - ${run} migrate lint --format terminal --format gitlab --output gl-code-quality-report.json
    - ${run} migrate verify${native ? ' --check' : ''} --shadow-url postgres://postgres:scratch@postgres/postgres
  artifacts:
    when: always
    reports: { codequality: gl-code-quality-report.json }
`
}

/** Hooks run at the top of the repository. A commit without migrations must not wait for anything. */
function hookLine({ packages, directory, prefix }: Project): string {
  const inside = prefix === '' ? '' : `cd ${word(prefix)} && `
  const lint = `git diff --cached --quiet -- ${word(directory)} ':!*/.gitkeep' || ${packages.run} migrate lint --staged`
  return `${inside}${prefix === '' ? lint : `{ ${lint}; }`}`
}

/** A path as one word of a shell. */
function word(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`
}

function hookFile(project: Project): readonly ProjectFile[] {
  const { hook } = project
  if (hook?.kind !== 'file') return []
  const line = hookLine(project)
  const text = hook.shell ? `#!/bin/sh\n${line}\n` : `${line}\n`
  return [{ path: hook.path, text, executable: true, orAdd: line }]
}

/** What a person has to add by hand, because the file is somebody else's. */
export function remarks(project: Project): readonly string[] {
  const { ci, hook } = project
  return [
    ...(ci === undefined
      ? ['No CI system was recognised. What its job runs: migrate lint, then migrate verify --check.']
      : []),
    ...(ci === 'gitlab' && hasOtherJobs(project)
      ? ['Add to .gitlab-ci.yml:  include: { local: .gitlab/migrations.yml }']
      : []),
    ...(hook?.kind === 'tool' ? [`Add to ${hook.file}, as a hook before commits:  ${hookLine(project)}`] : []),
    ...(hook === undefined ? ['This is no git repository, so no hook was written.'] : []),
  ]
}
