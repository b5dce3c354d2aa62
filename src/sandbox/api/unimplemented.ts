import {ServiceError} from '../wire/service-error.ts'

/** What AWS can do and the embedded AWS cannot: 4xx, for SDKs repeat what fails with 5xx. */
export const unimplemented = (what: string): ServiceError =>
  new ServiceError('UnsupportedOperationException', `The embedded AWS does not implement ${what}.`, {status: 400})
