locals {
  name = "web
  size = 12
}

variable "region" {
  type    = string
  default = "eu" # Near.
}

output "address" {
  value = module.web.
}

resource "host" "web" {
  count = 2
  tags  = { "name" = "x ${var.region}" }
}
