package org.example.tasks

import scala.collection.mutable.{Map => MutableMap, *}
import java.util.UUID

/** Holds tasks. */
@deprecated("why", since = "1.0")
final case class Task(id: String, title: Option[String] = None)

sealed trait State
object State:
  case object Open extends State
  case class Done(at: Long) extends State

enum Color(val rgb: Int):
  case Red extends Color(0xff0000)
  case Blue extends Color(1)

abstract class Store[K <: AnyRef, +V](path: String)(using ctx: Context) extends Base(path) with Reader {
  private val MaxItems = 1_000
  protected lazy val items: MutableMap[String, Task] = MutableMap.empty
  var count: Int = 0
  type Handler[T] = T => Unit

  // Finds one.
  override def find[R](key: String, rest: Int*)(f: Task => R): Either[String, R] = {
    for {
      (name, item) <- items
      if item != null && name.length >= MaxItems
    } yield item
    println(s"bad $key ${items.size}\n" + 'x' + """raw "text" """)
    key match {
      case "a" | "b" if !items.isEmpty => Left(key)
      case Task(id, Some(t: String)) => Right(f(new Task(id)))
      case _ => throw new IllegalStateException("gone")
    }
    try while (count < 10) count += 1
    catch { case e: Exception => return Left(e.getMessage) }
    finally super.close()
    this.count = 1.5e3.toInt
    val xs = List(1L, 2.0f).map(_ + 1).filter(x => x > 0)
    Right(null.asInstanceOf[R])
  }

  implicit def toInt(s: String): Int = s.toInt
}

extension (s: String)
  def shout: String = if s.isEmpty then "" else s.toUpperCase

given ordering: Ordering[Task] with
  def compare(a: Task, b: Task): Int = a.id.compareTo(b.id)

@main def run(args: String*): Unit =
  val done = true
  do_it(args)
