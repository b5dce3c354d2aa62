// The payment service: a container, not a function, so only its log group is here.
import type {CompanyLogGroup} from '../company.ts'

export const payments: CompanyLogGroup = {
  name: '/ecs/payments',
  created: '2022-09-05',
  retentionInDays: 30,
  streams: 'ecs',
  traced: {as: 'remote', url: 'https://payments.internal.example'},
  stories: {
    charged: {
      http: {method: 'POST', paths: ['/charges'], status: 201},
      lines: [
        [
          0.9,
          'PRINT',
          '{time}  INFO 1 --- [nio-8080-exec-{n:1-9}] c.l.payments.ChargeController : charge {payment} accepted amount={amount} EUR order={order} in {ms} ms',
        ],
      ],
    },
    chargedSlowly: {
      http: {method: 'POST', paths: ['/charges'], status: 201},
      lines: [
        [
          0.02,
          'PRINT',
          '{time}  WARN 1 --- [nio-8080-exec-{n:1-9}] c.l.payments.Pool : pool payments-v2 has no idle connection, {n:4-22} waiting',
        ],
        [
          0.9,
          'PRINT',
          '{time}  INFO 1 --- [nio-8080-exec-{n:1-9}] c.l.payments.ChargeController : charge {payment} accepted amount={amount} EUR order={order} in {ms} ms',
        ],
      ],
    },
    hung: {
      http: {method: 'POST', paths: ['/charges'], status: null},
      lines: [
        [
          0.02,
          'PRINT',
          '{time}  WARN 1 --- [nio-8080-exec-{n:1-9}] c.l.payments.Pool : pool payments-v2 has no idle connection, {n:9-40} waiting',
        ],
        [
          1,
          'PRINT',
          '{time}  INFO 1 --- [nio-8080-exec-{n:1-9}] o.a.c.c.C.[.[.[/] : client closed the connection order={order}',
        ],
      ],
    },
    webhook: {
      lines: [
        [
          0.9,
          'PRINT',
          '{time}  INFO 1 --- [   scheduling-1] c.l.payments.Webhooks : delivered settlement {payment} 200 in {ms} ms',
        ],
      ],
    },
  },
}
