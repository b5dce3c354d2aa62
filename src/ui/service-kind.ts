import type {MapService} from '../services/traces/service-map.ts'

const known: Readonly<Record<string, string>> = {
  client: '',
  remote: 'remote',
  'AWS::ApiGateway::Stage': 'API Gateway',
  'AWS::ApiGatewayV2::Api': 'API Gateway',
  'AWS::StepFunctions::StateMachine': 'Step Functions',
  'AWS::Events': 'EventBridge',
  'Database::SQL': 'SQL',
}

/** What a service is, in a word or two: `Lambda`, `DynamoDB`, `API Gateway`; as AWS has it where slsops does not know. */
export function serviceKind({type, name}: Pick<MapService, 'type' | 'name'>): string {
  if (type === null) return ''
  const kind = known[type] ?? /^AWS::(\w+)/.exec(type)?.[1] ?? type
  // calls of an API that X-Ray knows no resource of are named by the API
  return kind === name ? '' : kind
}
