package facts_test
import ("testing";"time";"syscall";"suhbat/facts";"suhbat/facts/data")
func TestZZ(t *testing.T){
 for r:=0;r<3;r++{
 var a,b syscall.Rusage
 syscall.Getrusage(0,&a)
 best:=time.Hour
 const n=100
 var first time.Duration
 for i:=0;i<n;i++{ x:=time.Now(); facts.Load(data.FS); d:=time.Since(x); if i==0&&r==0{first=d}; if d<best{best=d} }
 syscall.Getrusage(0,&b)
 cpu:=time.Duration(b.Utime.Nano()-a.Utime.Nano()+b.Stime.Nano()-a.Stime.Nano())
 t.Log("best",best,"first",first,"cpu per load",cpu/n)
 }
}
