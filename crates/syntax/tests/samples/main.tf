# The servers.
terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.0" }
  }
}

variable "region" {
  type        = string
  default     = "eu-west-1"
  description = <<-EOT
    Where it runs, as ${var.name}.
  EOT
}

locals {
  tags  = merge(var.tags, { Name = "web-${count.index + 1}" })
  ports = [for p in var.ports : p.number if p.open && p.number != 22]
  names = { for k, v in local.tags : upper(k) => v... }
  size  = var.large ? 0x10 : 1.5
}

/* One each. */
resource "aws_instance" "web" {
  count         = length(var.names) >= 1 ? 2 : 0
  ami           = data.aws_ami.ubuntu.id
  instance_type = "t3.micro"
  monitoring    = true
  user_data     = null
  ids           = aws_subnet.main[*].id

  dynamic "ebs_block_device" {
    for_each = var.disks
    content {
      size = ebs_block_device.value["size"]
    }
  }

  lifecycle {
    ignore_changes = [tags]
  }
}

// What others may know.
output "address" {
  value = !var.hidden ? aws_instance.web.0.public_ip : "%{ if true }x%{ else }y%{ endif }\n"
}
