/** The authentication call: issues a token that opens the world of the user name. */
import { HttpError } from '@recoveryconnect/http/http-error'
import type { HandlerContext, Handlers, Resource } from '../core/handler.ts'
import { issueToken, tokenLifetime, worldOfUser } from '../core/tokens.ts'
import { timeIn } from '../world/clock.ts'

const wrongPassword = 'wrong'

type Own = Pick<Handlers, 'createAccessToken'>

export const resource: Resource<Own> = { createHandlers }

function createHandlers({ worlds, now }: HandlerContext): Own {
  let serial = 0
  return {
    createAccessToken({ body: { username, password }, onDemand }) {
      if (onDemand && password === wrongPassword) throw new HttpError(401)
      const world = worlds.open(worldOfUser(username))
      serial++
      return {
        token_type: 'Bearer',
        expires_in: tokenLifetime,
        access_token: issueToken(username, Math.floor(timeIn(world, now) / 1000), serial),
        refresh_token: `sandbox-refresh-${serial}`,
      }
    },
  }
}

/** The world of the user in a login; undefined if the body has no user name. */
export function worldOfLogin(body: string): string | undefined {
  try {
    const { username } = JSON.parse(body)
    return typeof username === 'string' ? worldOfUser(username) : undefined
  } catch {
    return undefined
  }
}
