import {
  type CreateFunctionCommandInput,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import {strToU8, zipSync} from 'fflate'
import {larderServer} from '../larder-server.ts'

export const arn = (rest: string) => `arn:aws:lambda:eu-west-1:123456789012:function:${rest}`
export const zip = zipSync({'index.mjs': strToU8('export const handler = async () => 1\n')})
export const draft = (
  FunctionName: string,
  more: Partial<CreateFunctionCommandInput> = {},
): CreateFunctionCommandInput => ({
  FunctionName,
  Runtime: 'nodejs24.x',
  Handler: 'index.handler',
  Role: 'arn:aws:iam::123456789012:role/made-role',
  Code: {ZipFile: zip},
  ...more,
})

/** The default company, and a client that writes to its functions. */
export async function lambda(options: Parameters<typeof larderServer>[0] = {}) {
  const server = await larderServer(options)
  const client = server.connect(LambdaClient)
  const configuration = async (FunctionName: string, Qualifier?: string) =>
    client.send(new GetFunctionConfigurationCommand({FunctionName, ...(Qualifier && {Qualifier})}))
  const settle = () => {
    server.clock.at += 10_000
  }
  const update = (FunctionName: string, MemorySize: number, RevisionId?: string) =>
    client.send(new UpdateFunctionConfigurationCommand({FunctionName, MemorySize, ...(RevisionId && {RevisionId})}))
  const publish = (FunctionName: string, Description?: string) =>
    client.send(new PublishVersionCommand({FunctionName, ...(Description !== undefined && {Description})}))
  const versions = async (FunctionName: string) => {
    const {Versions = []} = await client.send(new ListVersionsByFunctionCommand({FunctionName}))
    return Versions.map(({Version}) => Version)
  }
  return {...server, client, configuration, settle, update, publish, versions}
}
