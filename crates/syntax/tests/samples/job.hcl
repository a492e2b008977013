# A job of the scheduler.
job "tasks" {
  datacenters = ["dc1", "dc2"]
  type        = "service"

  group "web" {
    count = var.count > 1 ? var.count : 2

    network {
      port "http" { to = 8080 }
    }

    task "server" {
      driver = "docker"
      config {
        image = "tasks:${var.version}"
        ports = [for name, port in local.ports : upper(name) if port != null]
      }
      template {
        data = <<-EOT
          PORT={{ env "PORT" }}
        EOT
      }
      resources {
        cpu    = 500 // MHz
        memory = 1.5e3
      }
      /* not yet */
      kill_signal = false
    }
  }
}
