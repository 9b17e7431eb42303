/** One attribute of a TensorFlow operation, as the binding takes it. */
export interface OperationAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean | string | readonly number[];
}

/** Builds the attributes of TensorFlow's operations, with the numbers that the binding gives to their types. */
export class OperationAttributes {
  /** `T = float32`, which nearly every operation asks for. */
  readonly float32: OperationAttribute;
  readonly #binding: object;

  /** @param binding - tfjs-node's binding, which has a number for `TF_FLOAT`, `TF_ATTR_INT` and so on. */
  constructor(binding: object) {
    this.#binding = binding;
    this.float32 = this.type("T", "TF_FLOAT");
  }

  /** An attribute that names an element type, such as `TF_FLOAT`. */
  type(name: string, value: "TF_FLOAT" | "TF_INT32" | "TF_BOOL"): OperationAttribute {
    return this.#attribute(name, "TF_ATTR_TYPE", this.#number(value));
  }

  /** An attribute that is a whole number or a list of them. */
  int(name: string, value: number | readonly number[]): OperationAttribute {
    return this.#attribute(name, "TF_ATTR_INT", value);
  }

  float(name: string, value: number): OperationAttribute {
    return this.#attribute(name, "TF_ATTR_FLOAT", value);
  }

  bool(name: string, value: boolean): OperationAttribute {
    return this.#attribute(name, "TF_ATTR_BOOL", value);
  }

  string(name: string, value: string): OperationAttribute {
    return this.#attribute(name, "TF_ATTR_STRING", value);
  }

  shape(name: string, value: readonly number[]): OperationAttribute {
    return this.#attribute(name, "TF_ATTR_SHAPE", value);
  }

  #attribute(name: string, type: string, value: OperationAttribute["value"]): OperationAttribute {
    return { name, type: this.#number(type), value };
  }

  #number(constant: string): number {
    return (this.#binding as Readonly<Record<string, number>>)[constant];
  }
}
