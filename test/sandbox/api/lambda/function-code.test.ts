import {createHash} from 'node:crypto'
import {CreateFunctionCommand, DeleteFunctionCommand, GetFunctionCommand} from '@aws-sdk/client-lambda'
import {describe, expect, test} from 'vitest'
import {draft, lambda, zip} from './writing.ts'

describe('the code of a function', () => {
  test('is fetched where GetFunction says, for ten minutes, as the bytes that CodeSha256 tells', async () => {
    const {client, clock, url, world} = await lambda()
    const {Code, Configuration} = await client.send(new GetFunctionCommand({FunctionName: 'checkout-api:live'}))
    const location = Code?.Location ?? ''
    expect(Code?.RepositoryType).toBe('S3')
    expect(location).toMatch(new RegExp(`^${url}/.*X-Amz-Signature=[0-9a-f]{64}`))
    const answer = await fetch(location)
    const bytes = new Uint8Array(await answer.arrayBuffer())
    expect(answer.status).toBe(200)
    expect(createHash('sha256').update(bytes).digest('base64')).toBe(Configuration?.CodeSha256)
    expect(bytes.length).toBeLessThan(1000)

    await client.send(new CreateFunctionCommand(draft('slsops-tune-checkout-api-k3f9x2ab', {Code: {ZipFile: bytes}})))
    const clone = world.function('slsops-tune-checkout-api-k3f9x2ab')?.versions[0]
    expect(clone).toMatchObject({
      behavesAs: 'checkout-api',
      codeSha256: Configuration?.CodeSha256,
      codeSize: Configuration?.CodeSize,
    })

    expect((await fetch(location.replace(/Signature=./, 'Signature=_'))).status).toBe(403)
    expect((await fetch(location.replace('/42?', '/41?'))).status).toBe(403)
    clock.at += 600_001
    const expired = await fetch(location)
    expect(expired.status).toBe(403)
    expect(await expired.text()).toContain('Request has expired')
  })

  test("is kept as it was brought, where it is nobody's", async () => {
    const {client} = await lambda()
    await client.send(new CreateFunctionCommand(draft('mine')))
    const {Code} = await client.send(new GetFunctionCommand({FunctionName: 'mine'}))
    expect(new Uint8Array(await (await fetch(Code?.Location ?? '')).arrayBuffer())).toEqual(zip)
    await client.send(new DeleteFunctionCommand({FunctionName: 'mine'}))
    expect((await fetch(Code?.Location ?? '')).status).toBe(404)
  })

  test('of an image is its digest, and whoever takes it behaves the same', async () => {
    const {client, world} = await lambda()
    const {Code, Configuration} = await client.send(new GetFunctionCommand({FunctionName: 'invoice-pdf'}))
    const repository = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/invoice-pdf'
    expect(Code).toEqual({
      RepositoryType: 'ECR',
      ImageUri: expect.stringContaining(`${repository}:`),
      ResolvedImageUri: `${repository}@sha256:${Configuration?.CodeSha256}`,
    })
    const ImageUri = Code?.ResolvedImageUri ?? ''
    const {Runtime: _, Handler: __, ...image} = draft('clone', {PackageType: 'Image', Code: {ImageUri}})
    expect(await client.send(new CreateFunctionCommand(image))).toMatchObject({
      PackageType: 'Image',
      CodeSha256: Configuration?.CodeSha256,
    })
    expect(world.function('clone')?.versions[0]?.behavesAs).toBe('invoice-pdf')
    expect((await client.send(new GetFunctionCommand({FunctionName: 'clone'}))).Code).toMatchObject({
      ResolvedImageUri: ImageUri,
    })
  })
})
