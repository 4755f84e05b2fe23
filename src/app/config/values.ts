import { z } from 'zod'
import { parseBytes } from '../../core/bytes.ts'
import { parseDuration } from '../../core/time.ts'

export const duration: z.ZodType<string> = z.string().refine(isDuration, 'is not a duration such as 500ms, 5s or 2m')

export const size: z.ZodType<string> = z.string().refine(isSize, 'is not a size such as 512kB, 10MB or 1GB')

function isDuration(text: string): boolean {
  try {
    parseDuration(text)
    return true
  } catch {
    return false
  }
}

function isSize(text: string): boolean {
  try {
    parseBytes(text)
    return true
  } catch {
    return false
  }
}
