import {describe, expect, it} from 'vitest'
import {looksLikeError} from '../../../../src/services/tuning/invoke/looks-like-error.ts'

const told = (answer: unknown): string | null => looksLikeError(JSON.stringify(answer))

describe('answers that look like an error of an API', () => {
  it.each<[unknown, string]>([
    [{statusCode: 500}, 'statusCode 500'],
    [{statusCode: '404', body: '{}'}, 'statusCode 404'],
    [{errorMessage: 'no such order', errorType: 'Error'}, 'an errorMessage'],
    [{error: 'boom'}, 'an error'],
    [{error: {message: 'boom'}}, 'an error'],
    [{Error: 'States.Timeout', Cause: 'too slow'}, 'an Error and its Cause'],
    [{errors: [{message: 'no field x'}], data: null}, 'errors'],
    [{message: 'Internal server error'}, 'the message of a refusal'],
    [{message: 'Internal Server Error.'}, 'the message of a refusal'],
    [{ok: false}, 'ok: false'],
    [{success: false, items: []}, 'success: false'],
    [{type: 'about:blank', title: 'Gone', status: 410}, 'status 410'],
    [{status: 'error', message: 'no'}, 'status: error'],
    [{status: 'fail', data: {title: 'required'}}, 'status: fail'],
    [{__type: 'com.amazon#ThrottlingException', message: 'slow down'}, 'an exception of AWS'],
    [{batchItemFailures: [{itemIdentifier: '1'}]}, 'batchItemFailures'],
    [{statusCode: 200, body: '{"success":false}'}, 'success: false in its body'],
    [{statusCode: 200, body: {ok: false}}, 'ok: false in its body'],
    [
      {statusCode: 200, body: Buffer.from('{"ok":false}').toString('base64'), isBase64Encoded: true},
      'ok: false in its body',
    ],
    ['{"ok":false}', 'ok: false'],
  ])('%j', (answer, why) => {
    expect(told(answer)).toBe(why)
  })
})

describe('answers that do not', () => {
  it.each<[unknown]>([
    [null],
    ['error'],
    [[{error: 'boom'}]],
    [500],
    [{}],
    [{statusCode: 200, body: '{"ok":true}'}],
    [{statusCode: 200, body: 'error: not really'}],
    [{statusCode: 302}],
    [{statusCode: 4040}],
    [{statusCode: 'teapot'}],
    [{error: null, data: 1}],
    [{error: ''}],
    [{error: {}}],
    [{error: {message: null}}],
    [{error: 0}],
    [{errors: []}],
    [{errors: [{message: 'deprecated'}], data: {user: 1}}],
    [{message: 'Hello, not found in space'}],
    [{message: 'ok'}],
    [{status: 'error'}],
    [{status: 500, street: 'Main'}],
    [{success: 'false'}],
    [{ok: 0}],
    [{batchItemFailures: []}],
    [{errorMessage: null}],
  ])('%j', answer => {
    expect(told(answer)).toBeNull()
  })

  it('text that is no JSON, and JSON that is cut', () => {
    for (const answer of ['', '<html>', '{"error":', '"{"', '\0']) expect(looksLikeError(answer)).toBeNull()
  })
})
