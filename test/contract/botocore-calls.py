"""Makes calls by botocore, which are lines of JSON on stdin: {service, operation, input}. Each is answered by a line: what came
back, and where that is not of the shape that the service's model gives it."""

import json
import sys

import botocore.session
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator

url, region = sys.argv[1:]
session = botocore.session.get_session()
session.set_credentials("AKIDEXAMPLE", "secret")
clients = {}


def call(service, operation, arguments):
    if service not in clients:
        clients[service] = session.create_client(service, region_name=region, endpoint_url=url)
    client = clients[service]
    try:
        answer = client._make_api_call(operation, arguments)
    except ClientError as error:
        return {"error": error.response["Error"]["Code"], "message": error.response["Error"]["Message"]}
    answer.pop("ResponseMetadata")
    shape = client.meta.service_model.operation_model(operation).output_shape
    faults = ParamValidator().validate(answer, shape).generate_report() if shape else ""
    return {"answer": answer, "faults": faults}


for line in sys.stdin:
    asked = json.loads(line)
    told = call(asked["service"], asked["operation"], asked["input"])
    print(json.dumps(told, default=str), flush=True)
