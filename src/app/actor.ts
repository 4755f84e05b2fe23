import { hostname, userInfo } from 'node:os'
import { pid } from 'node:process'
import type { Actor } from '../run/journal/write.ts'
import type { Environment } from './database-url.ts'
import { toolName } from '../core/tool-version.ts'

/** Variables in which CI systems tell the commit: GitHub, GitLab, CircleCI, Bitbucket, Jenkins. */
const commitVariables = ['GITHUB_SHA', 'CI_COMMIT_SHA', 'CIRCLE_SHA1', 'BITBUCKET_COMMIT', 'GIT_COMMIT']

/** Who runs, from where: for the journal. */
export function actorOf(env: Environment): Actor {
  return {
    user: userName(env),
    host: hostname(),
    process: pid,
    tool: toolName,
    gitSha: commitVariables.map((name) => env[name]).find((value) => value !== undefined && value !== ''),
    ciUrl: ciUrl(env),
  }
}

/** The name of whoever runs the command: of the CI's user where there is one, else of the system's. */
export function userName(env: Environment): string {
  const named = env['GITHUB_ACTOR'] ?? env['GITLAB_USER_LOGIN'] ?? env['USER'] ?? env['USERNAME']
  if (named !== undefined && named !== '') return named
  try {
    return userInfo().username
  } catch {
    // A container's user id may have no name.
    return 'unknown'
  }
}

function ciUrl(env: Environment): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env
  if (server !== undefined && repository !== undefined && run !== undefined)
    return `${server}/${repository}/actions/runs/${run}`
  return env['CI_JOB_URL'] ?? env['BUILD_URL'] ?? env['CIRCLE_BUILD_URL']
}
