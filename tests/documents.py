"""Small OpenAPI documents for tests that are about no vendor."""

PETSTORE = """
openapi: 3.0.0
info: {title: Pets, version: 1.0.0}
security: [{}, {bearer: []}]
servers: [{url: 'http://petstore.example/v1'}]
paths:
  /pets:
    get:
      operationId: listPets
      parameters:
        - {name: limit, in: query, schema: {type: integer, maximum: 100, format: int32}}
        - {name: offset, in: query, schema: {type: integer, minimum: 0}}
        - {name: tag, in: query, schema: {type: string}}
      responses:
        '200':
          description: pets
          content: {application/json: {schema: {$ref: '#/components/schemas/Pets'}}}
        default: {$ref: '#/components/responses/Error'}
    post:
      operationId: createPet
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/NewPet'}}}
      responses:
        '201':
          description: the pet
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
        default: {$ref: '#/components/responses/Error'}
  /pets/litter:
    post:
      operationId: createPets
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Pets'}}}
      responses:
        '201': {description: all of them}
  /pets/{petId}:
    parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: showPet
      responses:
        '200':
          description: the pet
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
        default: {$ref: '#/components/responses/Error'}
    put:
      operationId: replacePet
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/NewPet'}}}
      responses:
        '200':
          description: the pet
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
        default: {$ref: '#/components/responses/Error'}
    delete:
      operationId: deletePet
      responses:
        '204': {description: gone}
        default: {$ref: '#/components/responses/Error'}
  /pets/{petId}/toys:
    parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: listToys
      responses:
        '200':
          description: toys
          content:
            application/json:
              schema:
                type: object
                required: [items, total]
                properties:
                  items: {type: array, items: {$ref: '#/components/schemas/Toy'}}
                  total: {type: integer}
    post:
      operationId: addToy
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}
      responses:
        '201':
          description: the toy
          content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}
  /weather:
    get:
      operationId: weather
      security: [{house: []}, {bearer: []}]
      responses:
        '200':
          description: how it is
          content:
            application/json:
              schema:
                type: object
                required: [sky, degrees]
                properties:
                  sky: {type: string, enum: [clear, grey]}
                  degrees: {type: number, minimum: -50, maximum: 50}
components:
  securitySchemes:
    house: {type: apiKey, in: header, name: x-house}
    bearer: {type: http, scheme: bearer}
  responses:
    Error:
      description: what went wrong
      content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}
  schemas:
    NewPet:
      type: object
      required: [name]
      properties:
        name: {type: string, minLength: 1}
        tag: {type: string}
    Pet:
      allOf:
        - $ref: '#/components/schemas/NewPet'
        - type: object
          required: [id, mood]
          properties:
            id: {type: integer, format: int64}
            mood: {type: string, enum: [happy, sleepy]}
    Pets: {type: array, items: {$ref: '#/components/schemas/Pet'}}
    Toy:
      type: object
      required: [name]
      properties: {id: {type: string}, name: {type: string}}
    Error:
      type: object
      required: [code, message]
      properties: {code: {type: integer}, message: {type: string}}
"""
