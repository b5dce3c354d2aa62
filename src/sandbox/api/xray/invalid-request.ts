import {ServiceError} from '../../wire/service-error.ts'

/** What X-Ray says to a request that it does not accept: HTTP 400. */
export const invalidRequest = (message: string): ServiceError => new ServiceError('InvalidRequestException', message)
